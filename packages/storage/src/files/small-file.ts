import { errnoOf } from "../errors/describe-file-error.js";
import { StorageError } from "../errors/storage-error.js";
import type { FileSystem } from "./file-system.js";
import { openForReading, readFully } from "./regular-file.js";

/** The text of a small regular file, or `undefined` when there is none at `path`. */
export async function readSmallFile(
  path: string,
  maxBytes: number,
  fs: FileSystem,
): Promise<string | undefined> {
  let file: Awaited<ReturnType<typeof openForReading>>;
  try {
    file = await openForReading(path, fs);
  } catch (error) {
    const code = errnoOf(error);
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw error;
  }
  try {
    if (file.stats.size > maxBytes) {
      const message = `${path} has ${file.stats.size} bytes, more than the ${maxBytes} that such a file may have; look what it is`;
      throw new StorageError("STATE_FILE_TOO_LARGE", message, { path });
    }
    const buffer = Buffer.alloc(file.stats.size);
    const length = await readFully(file.fd, buffer, buffer.length, 0, path, fs);
    return buffer.toString("utf8", 0, length);
  } finally {
    await fs.close(file.fd);
  }
}
