import { basename } from "node:path";
import { describeFileError, errnoOf } from "../errors/describe-file-error.js";
import { StorageError } from "../errors/storage-error.js";
import type { FileSystem } from "../files/file-system.js";
import { type Segment, segmentFrom } from "./segment.js";
import { parseSegmentName, type SegmentName } from "./segment-name.js";

/** What a closed or compressed segment's name ends in, after `.jsonl`, in the order of preference. */
const stateSuffixes = ["", ".rotated", ".rotated.gz", ".gz", ".rotated.zst", ".zst", ".bak"] as const;

/**
 * Looks for a segment under the names of its states. A segment goes through them in this order and is never without a
 * name, so that one which changes meanwhile is met later on. `stemPath` ends in `.jsonl`.
 *
 * @throws StorageError `NOT_A_REGULAR_FILE` when something else has one of the names; an errno
 */
export async function findInSomeState(
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

/** The segment in the very file at `path`; `undefined` when there is none. Throws as {@link findInSomeState}. */
export async function examineFile(
  path: string,
  fs: FileSystem,
  inStore = false,
): Promise<Segment | undefined> {
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

/** Something that is no file is in the way of a name: a listing passes it over. */
export function undefinedIfOdd(error: unknown): undefined {
  if (error instanceof StorageError && error.code === "NOT_A_REGULAR_FILE") return undefined;
  throw error;
}
