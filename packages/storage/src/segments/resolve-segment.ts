import { basename, dirname, join, resolve } from "node:path";
import { describeFileError, errnoOf } from "../errors/describe-file-error.js";
import { StorageError } from "../errors/storage-error.js";
import type { FileSystem } from "../files/file-system.js";
import { nodeFileSystem } from "../files/node-file-system.js";
import { listSegments } from "./list-segments.js";
import { type Segment, segmentFrom } from "./segment.js";
import { parseSegmentName, type SegmentName } from "./segment-name.js";

/** What a closed or compressed segment's name ends in, after `.jsonl`, in the order of preference. */
const stateSuffixes = ["", ".rotated", ".rotated.gz", ".gz", ".rotated.zst", ".zst", ".bak"] as const;

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

/**
 * Looks for a segment under the names of its states. A segment goes through them in this order and is never without a
 * name, so that one which changes meanwhile is met later on.
 */
async function findInSomeState(
  stemPath: string,
  inStore: boolean,
  fs: FileSystem,
): Promise<Segment | undefined> {
  for (const suffix of stateSuffixes) {
    const found = await examineFile(`${stemPath}${suffix}`, fs, inStore);
    if (found !== undefined) return found;
  }
  return undefined;
}

function foreignStem(fileName: string): string {
  return fileName.replace(/(\.jsonl)[^/]*$/, "$1");
}

async function examineFile(path: string, fs: FileSystem, inStore = false): Promise<Segment | undefined> {
  try {
    const isLink = (await fs.lstat(path)).isSymbolicLink();
    const stats = await fs.stat(path);
    if (!stats.isFile()) {
      throw new StorageError("NOT_A_REGULAR_FILE", `${path} is not a regular file; give the path of one`, {
        path,
      });
    }
    return segmentFrom(path, nameOf(path), stats, { isLink, inStore });
  } catch (error) {
    if (errnoOf(error) === "ENOENT" || errnoOf(error) === "ENOTDIR") return undefined;
    throw describeFileError(error, "examine", path);
  }
}

function nameOf(path: string): SegmentName {
  const fileName = basename(path);
  return parseSegmentName(fileName) ?? { logicalName: fileName, state: "plain", kind: "foreign" };
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

/** Something that is no file is in the way of a name: a listing passes it over. */
function undefinedIfOdd(error: unknown): undefined {
  if (error instanceof StorageError && error.code === "NOT_A_REGULAR_FILE") return undefined;
  throw error;
}

function isRenamed(segment: Segment, other: Segment): boolean {
  const stem = segment.logicalName.replace(/\.jsonl.*$/s, ".");
  const sameFile = other.dev === segment.dev && other.ino === segment.ino && other.bytes >= segment.bytes;
  return sameFile && other.logicalName.startsWith(stem);
}
