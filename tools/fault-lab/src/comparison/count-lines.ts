import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { constants, gunzipSync } from "node:zlib";

/** Which numbered lines lie, whole, in the files of a directory. */
export async function countLines(directory: string): Promise<ReadonlyMap<number, number>> {
  const counts = new Map<number, number>();
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const text = await contentOf(join(directory, entry.name));
    // What stands behind the last line feed is no whole line.
    for (const line of text.slice(0, text.lastIndexOf("\n") + 1).split("\n")) {
      const number = numberOf(line);
      if (number !== undefined) counts.set(number, (counts.get(number) ?? 0) + 1);
    }
  }
  return counts;
}

async function contentOf(path: string): Promise<string> {
  const bytes = await readFile(path);
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  // A compressed file that ends early still gives what it holds.
  return (isGzip ? gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH }) : bytes).toString("utf8");
}

function numberOf(line: string): number | undefined {
  try {
    const { n } = JSON.parse(line) as { n?: unknown };
    return typeof n === "number" ? n : undefined;
  } catch {
    // A damaged line, or a file that holds something else.
    return undefined;
  }
}
