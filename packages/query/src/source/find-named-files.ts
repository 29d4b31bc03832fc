import { join, resolve } from "node:path";
import { type FileSystem, listSegments, resolveSegmentFile, type Segment } from "@prodigy-events/storage";
import { QueryError } from "../errors.js";
import { isGlob } from "../filter/glob.js";
import { limits } from "../limits.js";
import { expandGlob } from "./expand-glob.js";
import type { Origin } from "./source-segment.js";
import { spoolStandardInput } from "./standard-input.js";
import type { StoreConfig } from "./store-config.js";

/** What was found at one place. */
export interface FoundFiles {
  readonly origin: Origin;
  readonly path: string;
  readonly segments: readonly Segment[];
  /** Directories that were read whole: all their segments are among those above. */
  readonly directories: readonly string[];
}

/**
 * The segments that a caller named: files in whatever state they are by now, directories with the directories below
 * them, globs. A glob that finds nothing is an empty place; a file that does not exist is an error.
 *
 * @throws QueryError `NOT_FOUND`
 */
export async function findNamedFiles(config: StoreConfig): Promise<FoundFiles[]> {
  const named: FoundFiles[] = [];
  for (const argument of config.files) named.push(await findArgument(argument, config));
  return named;
}

async function findArgument(argument: string, config: StoreConfig): Promise<FoundFiles> {
  const { cwd, fs } = config;
  if (argument === "-") {
    const segments = [await spoolStandardInput(config.stdin, fs)];
    return { origin: "stdin", path: argument, segments, directories: [] };
  }
  const path = resolve(cwd, argument);
  const literal = await findPath(path, fs);
  if (literal) return { origin: "file", path, ...literal };
  if (!isGlob(argument)) {
    throw new QueryError("NOT_FOUND", `${path} does not exist: give a file, a directory or a glob`, { path });
  }
  const segments: Segment[] = [];
  const directories: string[] = [];
  for (const each of await expandGlob(argument, cwd, fs)) {
    const found = await findPath(each, fs);
    segments.push(...(found?.segments ?? []));
    directories.push(...(found?.directories ?? []));
  }
  return { origin: "file", path, segments, directories };
}

/** The segments at a path; `undefined` when nothing is there in any state. */
async function findPath(
  path: string,
  fs: FileSystem,
): Promise<Pick<FoundFiles, "segments" | "directories"> | undefined> {
  const stats = await fs.stat(path).catch(() => undefined); // rotated away, perhaps: the name decides
  if (stats?.isDirectory()) {
    const directories = await directoriesBelow(path, limits.maxDirectoryDepth, fs);
    const segments: Segment[] = [];
    for (const directory of directories) segments.push(...(await listSegments(directory, fs)));
    return { segments, directories };
  }
  const segment = await resolveSegmentFile(path, fs);
  return segment && { segments: [segment], directories: [] };
}

async function directoriesBelow(directory: string, depth: number, fs: FileSystem): Promise<string[]> {
  const directories = [directory];
  if (depth === 0) return directories;
  for (const name of (await fs.readdir(directory)).sort()) {
    const path = join(directory, name);
    const stats = name.startsWith(".") ? undefined : await fs.lstat(path).catch(() => undefined); // gone meanwhile
    if (stats?.isDirectory()) directories.push(...(await directoriesBelow(path, depth - 1, fs)));
  }
  return directories;
}
