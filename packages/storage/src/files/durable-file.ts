import { constants } from "node:fs";
import { basename, dirname, join } from "node:path";
import { describeFileError, errnoOf } from "../errors/describe-file-error.js";
import type { FileSystem } from "./file-system.js";
import { createPrivateFile, writeFully } from "./regular-file.js";
import { temporaryName } from "./temporary-name.js";

/**
 * Puts `bytes` at `path` so that after a crash or power cut at any moment there is either what was there before
 * or all of `bytes`: temporary file, fsync, rename, fsync of the directory. Mode 0600.
 */
export async function writeFileDurably(path: string, bytes: Uint8Array, fs: FileSystem): Promise<void> {
  const temporary = join(dirname(path), temporaryName(basename(path)));
  try {
    const fd = await createPrivateFile(temporary, fs);
    try {
      await writeFully(fd, bytes, temporary, fs);
      await syncFile(fd, temporary, fs);
    } finally {
      await fs.close(fd);
    }
    await renameDurably(temporary, path, fs);
  } catch (error) {
    await removeQuietly(temporary, fs);
    throw describeFileError(error, "write", path);
  }
}

/** Renames within one directory and makes the new name durable. */
export async function renameDurably(from: string, to: string, fs: FileSystem): Promise<void> {
  try {
    await fs.rename(from, to);
  } catch (error) {
    throw describeFileError(error, `rename ${basename(from)} to`, to);
  }
  await syncDirectory(dirname(to), fs);
}

/** `fsync` of an open file. After it failed, the state of the file on disk is unknown: do not try again. */
export async function syncFile(fd: number, path: string, fs: FileSystem): Promise<void> {
  try {
    await fs.fsync(fd);
  } catch (error) {
    throw describeFileError(error, "fsync", path);
  }
}

/**
 * Makes creations, renames and removals in `directory` durable. File systems that cannot sync a directory
 * (some network ones, Windows) say so with an error of their own, which is not a failure.
 */
export async function syncDirectory(directory: string, fs: FileSystem): Promise<void> {
  try {
    const fd = await fs.open(directory, constants.O_RDONLY | (constants.O_DIRECTORY ?? 0));
    try {
      await fs.fsync(fd);
    } finally {
      await fs.close(fd);
    }
  } catch (error) {
    const code = errnoOf(error) ?? "";
    if (code === "EINVAL" || code === "ENOTSUP") return;
    if (process.platform === "win32" && (code === "EPERM" || code === "EISDIR" || code === "EACCES")) return;
    throw describeFileError(error, "fsync the directory", directory);
  }
}

/** Removes a file that is of no use to anybody; a failure leaves garbage that the next recovery removes. */
export async function removeQuietly(path: string, fs: FileSystem): Promise<void> {
  await fs.unlink(path).catch(() => undefined);
}
