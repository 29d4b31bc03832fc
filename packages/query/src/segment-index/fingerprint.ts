import { type FileSystem, readFully } from "@prodigy-events/storage";

/** Enough to hold the ids and times of several records, which no other content has; one page, one read. */
const fingerprintBytes = 4096;

/**
 * What the end of the indexed content is known by: the SHA-256, in hex, of the last (at most 4,096) bytes before
 * `endOffset`. A segment that only grew still has them there.
 *
 * @returns `undefined` when the file ends before
 * @throws StorageError when it cannot be read
 */
export async function fingerprintOf(
  { fd, path }: { readonly fd: number; readonly path: string },
  endOffset: number,
  fs: FileSystem,
): Promise<string | undefined> {
  const length = Math.min(endOffset, fingerprintBytes);
  const bytes = Buffer.alloc(length);
  const count = await readFully(fd, bytes, length, endOffset - length, path, fs);
  if (count < length) return undefined;
  // By the global `crypto`, since an import of `node:crypto` would make every start slower.
  return Buffer.from(await crypto.subtle.digest("SHA-256", bytes)).toString("hex");
}
