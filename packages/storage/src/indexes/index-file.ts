import { join } from "node:path";
import { describeFileError, errnoOf } from "../errors/describe-file-error.js";
import type { FileSystem } from "../files/file-system.js";
import { nodeFileSystem } from "../files/node-file-system.js";

/** Where in a directory of segments their indexes are. What is in them is the business of who queries. */
export const indexDirectoryName = ".index";

/** The path of the index of a logical segment in `directory`. */
export function indexPath(directory: string, logicalName: string): string {
  return join(directory, indexDirectoryName, `${logicalName}.idx`);
}

/**
 * Removes the index of a logical segment whose file goes or is replaced. It is fine when there is none, or where its
 * directory should be is something else: an index that is left is one that no segment fits.
 *
 * @throws StorageError when there is one and it cannot be removed
 */
export async function removeIndex(
  directory: string,
  logicalName: string,
  fs: FileSystem = nodeFileSystem,
): Promise<void> {
  const path = indexPath(directory, logicalName);
  try {
    await fs.unlink(path);
  } catch (error) {
    const code = errnoOf(error) ?? "";
    if (!["ENOENT", "ENOTDIR", "ENAMETOOLONG"].includes(code)) throw describeFileError(error, "remove", path);
  }
}
