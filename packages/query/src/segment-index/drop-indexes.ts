import { join } from "node:path";
import {
  describeFileError,
  errnoOf,
  type FileSystem,
  finalNameOf,
  indexDirectoryName,
  listSegments,
} from "@prodigy-events/storage";

const suffix = ".idx";

/** Removes all indexes in a directory of segments. Returns the paths of those removed. */
export async function dropIndexes(directory: string, fs: FileSystem): Promise<string[]> {
  const names = await namesOfOurs(directory, fs);
  const removed = await removeAll(join(directory, indexDirectoryName), names, fs);
  await fs.rmdir(join(directory, indexDirectoryName)).catch(() => undefined); // it is not ours alone, or not there
  return removed;
}

/** Removes the indexes in a directory whose segments are not there any more. Returns the paths of those removed. */
export async function dropOrphanedIndexes(directory: string, fs: FileSystem): Promise<string[]> {
  // Indexes first: the segment of an index that is there by now is found, whenever it was created.
  const names = (await namesOfOurs(directory, fs)).filter((name) => finalNameOf(name) === undefined);
  if (names.length === 0) return [];
  const present = new Set((await listSegments(directory, fs)).map(({ logicalName }) => logicalName));
  const orphans = names.filter((name) => !present.has(name.slice(0, -suffix.length)));
  return removeAll(join(directory, indexDirectoryName), orphans, fs);
}

/** Indexes, and those that were being written. */
async function namesOfOurs(directory: string, fs: FileSystem): Promise<string[]> {
  const path = join(directory, indexDirectoryName);
  const names = await fs.readdir(path).catch((error: unknown) => {
    if (["ENOENT", "ENOTDIR"].includes(errnoOf(error) ?? "")) return [];
    throw describeFileError(error, "list", path);
  });
  return names.filter((name) => (finalNameOf(name) ?? name).endsWith(suffix)).sort();
}

async function removeAll(directory: string, names: readonly string[], fs: FileSystem): Promise<string[]> {
  const removed: string[] = [];
  for (const name of names) {
    const path = join(directory, name);
    try {
      await fs.unlink(path);
      removed.push(path);
    } catch (error) {
      if (errnoOf(error) !== "ENOENT") throw describeFileError(error, "remove", path);
    }
  }
  return removed;
}
