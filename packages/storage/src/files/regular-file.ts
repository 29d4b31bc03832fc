import { constants, type Stats } from "node:fs";
import { describeFileError } from "../errors/describe-file-error.js";
import { StorageError } from "../errors/storage-error.js";
import type { FileSystem } from "./file-system.js";

/** Files of ours are readable and writable by their owner only. */
export const privateFileMode = 0o600;

/** An open regular file and what `fstat` said when it was opened. */
export interface OpenFile {
  fd: number;
  stats: Stats;
}

/**
 * Opens an existing regular file for reading. A FIFO, device or directory is refused with
 * `NOT_A_REGULAR_FILE` and never waited for (`O_NONBLOCK`, then `fstat`).
 */
export async function openForReading(path: string, fs: FileSystem): Promise<OpenFile> {
  let fd: number;
  try {
    fd = await fs.open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    throw describeFileError(error, "open", path);
  }
  try {
    const stats = await fs.fstat(fd);
    if (stats.isFile()) return { fd, stats };
  } catch (error) {
    await fs.close(fd);
    throw describeFileError(error, "examine", path);
  }
  await fs.close(fd);
  throw new StorageError("NOT_A_REGULAR_FILE", `${path} is not a regular file; give the path of one`, {
    path,
  });
}

/** Creates a file that must not exist, without following a symbolic link, mode 0600. Returns its descriptor. */
export async function createPrivateFile(path: string, fs: FileSystem): Promise<number> {
  try {
    return await fs.open(path, creationFlags, privateFileMode);
  } catch (error) {
    throw describeFileError(error, "create", path);
  }
}

/** Flags that create a new file for writing and refuse whatever is there already, also a symbolic link. */
export const creationFlags =
  constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0);

/** Writes all of `bytes` at the descriptor's position, however many short writes that takes. */
export async function writeFully(fd: number, bytes: Uint8Array, path: string, fs: FileSystem): Promise<void> {
  let written = 0;
  while (written < bytes.length) {
    const count = await fs.write(fd, bytes, written, bytes.length - written).catch((error: unknown) => {
      throw describeFileError(error, "write", path);
    });
    if (count === 0)
      throw new StorageError("EIO", `cannot write ${path}: the system took no bytes`, { path });
    written += count;
  }
}

/** Reads `length` bytes at `position` into `buffer` from its start; fewer only where the file ends. */
export async function readFully(
  fd: number,
  buffer: Uint8Array,
  length: number,
  position: number,
  path: string,
  fs: FileSystem,
): Promise<number> {
  let filled = 0;
  while (filled < length) {
    const count = await fs
      .read(fd, buffer, filled, length - filled, position + filled)
      .catch((error: unknown) => {
        throw describeFileError(error, "read", path);
      });
    if (count === 0) break;
    filled += count;
  }
  return filled;
}
