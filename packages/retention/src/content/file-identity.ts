import { describeFileError, type FileSystem } from "@prodigy-events/storage";

/** What a file was when it was looked at; it counts as unchanged while all of these are the same. */
export interface FileIdentity {
  path: string;
  dev: number;
  ino: number;
  /** Bytes as stored. */
  bytes: number;
  mtimeMs: number;
}

/**
 * The file at `path` as it is now.
 *
 * @throws StorageError `ENOENT` when there is none
 */
export async function identityOf(path: string, fs: FileSystem): Promise<FileIdentity> {
  const { dev, ino, size, mtimeMs } = await fs.lstat(path).catch((error: unknown) => {
    throw describeFileError(error, "examine", path);
  });
  return { path, dev, ino, bytes: size, mtimeMs };
}

/** Whether two looks saw the same file with the same content, under whatever name. */
export function isSameFile(a: FileIdentity, b: FileIdentity): boolean {
  return a.dev === b.dev && a.ino === b.ino && a.bytes === b.bytes && a.mtimeMs === b.mtimeMs;
}
