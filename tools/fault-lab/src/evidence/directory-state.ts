import { open, readdir } from "node:fs/promises";
import { join } from "node:path";
import { finalNameOf, manifestDirectoryName, parseSegmentName } from "@prodigy-events/storage";

/** What lies in a job's directory, seen without our readers. */
export interface DirectoryState {
  /** Plain files whose last byte is no line feed: a write was cut off. */
  readonly tornFiles: number;
  readonly temporaries: number;
  /** Segments that are there both plain and compressed. */
  readonly both: number;
  readonly compressed: number;
  readonly segments: number;
  /** Manifests. */
  readonly stated: number;
}

/** Looks at the files themselves. */
export async function directoryState(directory: string): Promise<DirectoryState> {
  const names = await readdir(directory);
  const inner = await readdir(join(directory, manifestDirectoryName)).catch(() => []);
  const states = new Map<string, Set<string>>();
  let tornFiles = 0;
  for (const name of names) {
    const parsed = parseSegmentName(name);
    if (parsed === undefined) continue;
    const known = states.get(parsed.logicalName) ?? new Set();
    states.set(parsed.logicalName, known.add(parsed.state));
    if (parsed.state !== "compressed" && (await endsWithinLine(join(directory, name)))) tornFiles += 1;
  }
  const all = [...states.values()];
  return {
    tornFiles,
    temporaries: [...names, ...inner].filter((name) => finalNameOf(name) !== undefined).length,
    both: all.filter((state) => state.size > 1).length,
    compressed: all.filter((state) => state.has("compressed")).length,
    segments: all.length,
    stated: inner.filter((name) => name.endsWith(".json")).length,
  };
}

async function endsWithinLine(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    if (size === 0) return false;
    const last = Buffer.alloc(1);
    await file.read(last, 0, 1, size - 1);
    return last[0] !== 0x0a;
  } finally {
    await file.close();
  }
}
