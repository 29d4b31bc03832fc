import { dirname, join, resolve } from "node:path";
import type { FileSystem } from "../files/file-system.js";
import { nodeFileSystem } from "../files/node-file-system.js";
import { listSegments } from "../segments/list-segments.js";
import { realPath } from "./git-directory.js";
import { worktreesOf } from "./repository.js";

/** Where Prodigy keeps local events, below a directory of the project. */
const localDirectory = join(".prodigy", "events");

/** The local file is `mapreduce_events.jsonl`; what clean sets aside begins the same. */
const localStem = "mapreduce_events";

/**
 * The local event files that concern `cwd`: `.prodigy/events/mapreduce_events.jsonl` in the nearest directory
 * upward that has one, and in the other worktrees of the repository; with them the parts that clean set aside.
 * Absolute paths, each once.
 */
export async function findLocalFiles(cwd: string, fs: FileSystem = nodeFileSystem): Promise<string[]> {
  const found = new Set<string>();
  for (let directory = await realPath(resolve(cwd), fs); ; directory = dirname(directory)) {
    const files = await localFilesIn(directory, fs);
    for (const file of files) found.add(file);
    if (files.length > 0 || dirname(directory) === directory) break;
  }
  for (const worktree of await worktreesOf(cwd, fs)) {
    for (const file of await localFilesIn(worktree, fs)) found.add(file);
  }
  return [...found];
}

async function localFilesIn(directory: string, fs: FileSystem): Promise<string[]> {
  const segments = await listSegments(join(directory, localDirectory), fs).catch(() => []); // a directory upward may be closed to us
  return segments
    .filter(({ kind, logicalName }) => kind === "shared" && logicalName.startsWith(localStem))
    .map(({ path }) => path);
}
