import { dirname } from "node:path";
import {
  describeFileError,
  errnoOf,
  type FileSystem,
  removeQuietly,
  renameDurably,
  syncDirectory,
} from "@prodigy-events/storage";

/** What a file system says that has no hard links (FAT, some network ones). */
export const hasNoLinks: ReadonlySet<string> = new Set([
  "EPERM",
  "ENOTSUP",
  "EOPNOTSUPP",
  "ENOSYS",
  "EMLINK",
  "EXDEV",
]);

/**
 * Gives a finished file its final name, durably, and never takes that of another: `link` fails where there is
 * something, `rename` would replace it. Without hard links the name is looked at first.
 *
 * @throws StorageError `EEXIST` when something has the name
 */
export async function putInPlace(finished: string, target: string, fs: FileSystem): Promise<void> {
  try {
    await fs.link(finished, target);
  } catch (error) {
    if (!hasNoLinks.has(errnoOf(error) ?? ""))
      throw describeFileError(error, "put a file in place at", target);
    await requireFree(target, fs);
    return renameDurably(finished, target, fs);
  }
  await syncDirectory(dirname(target), fs);
  await removeQuietly(finished, fs);
}

async function requireFree(target: string, fs: FileSystem): Promise<void> {
  try {
    await fs.lstat(target);
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return;
    throw describeFileError(error, "examine", target);
  }
  const exists = Object.assign(new Error("file exists"), { code: "EEXIST" });
  throw describeFileError(exists, "put a file in place at", target);
}
