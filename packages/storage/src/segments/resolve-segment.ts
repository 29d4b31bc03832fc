import { basename, dirname, join, resolve } from "node:path";
import type { FileSystem } from "../files/file-system.js";
import { nodeFileSystem } from "../files/node-file-system.js";
import { examineFile, findInSomeState, undefinedIfOdd } from "./find-in-some-state.js";
import { listSegments } from "./list-segments.js";
import type { Segment } from "./segment.js";
import { parseSegmentName } from "./segment-name.js";

/**
 * The segment that `path` names: the file itself if it exists (any regular file, whatever its name), else the
 * same logical segment in another state, so that `X.jsonl` finds `X.jsonl.rotated.gz`. `undefined` when there is
 * none. `jobId` and `repo` are absent: a file named by itself says nothing about them.
 *
 * @throws StorageError `NOT_A_REGULAR_FILE` when something else is at `path`; an errno when it cannot be examined
 */
export async function resolveSegmentFile(
  path: string,
  fs: FileSystem = nodeFileSystem,
): Promise<Segment | undefined> {
  const absolute = resolve(path);
  const exact = await examineFile(absolute, fs);
  if (exact !== undefined) return exact;
  const parsed = parseSegmentName(basename(absolute));
  if (parsed === undefined) return undefined;
  const stem = parsed.kind === "foreign" ? foreignStem(parsed.logicalName) : parsed.logicalName;
  return findInSomeState(join(dirname(absolute), stem), false, fs);
}

function foreignStem(fileName: string): string {
  return fileName.replace(/(\.jsonl)[^/]*$/, "$1");
}

/**
 * Where a segment is now, after opening it failed with `ENOENT` because somebody rotated, compressed or removed
 * it. Own and shared segments are found by their logical name; in its usual states without listing a directory in which
 * thousands of others may be about to be renamed, too. A foreign file is found by its inode under a name
 * that begins like the old one (Prodigy renames `events-A.jsonl` to `events-A.B.jsonl.gz`), else by its name.
 */
export async function relocateSegment(
  segment: Segment,
  fs: FileSystem = nodeFileSystem,
): Promise<Segment | undefined> {
  if (segment.kind !== "foreign") {
    const stemPath = join(segment.directory, segment.logicalName);
    const found = await findInSomeState(stemPath, true, fs).catch(undefinedIfOdd);
    if (found !== undefined) return found;
  }
  const candidates = await listSegments(segment.directory, fs);
  const renamed =
    segment.kind === "foreign" ? candidates.find((other) => isRenamed(segment, other)) : undefined;
  return renamed ?? candidates.find((other) => other.logicalName === segment.logicalName);
}

function isRenamed(segment: Segment, other: Segment): boolean {
  const stem = segment.logicalName.replace(/\.jsonl.*$/s, ".");
  const sameFile = other.dev === segment.dev && other.ino === segment.ino && other.bytes >= segment.bytes;
  return sameFile && other.logicalName.startsWith(stem);
}
