import { basename, dirname, join } from "node:path";
import {
  createPrivateFile,
  describeFileError,
  ensurePrivateDirectory,
  type FileSystem,
  indexDirectoryName,
  indexPath,
  removeQuietly,
  type Segment,
  temporaryName,
  writeFully,
} from "@prodigy-events/storage";
import type { EncodedIndex } from "./encode-index.js";

/** Parts of an index are joined to writes of about this size: a column of a group can be a few bytes. */
const writeBytes = 1 << 20;

/**
 * Puts an index beside its segment: a temporary file, renamed once it is whole; modes 0700 and 0600; never through a
 * symbolic link. It is not synced: after a power cut there may be a damaged one, which is found to be damaged and built
 * anew. Returns the size.
 *
 * @throws StorageError when it cannot be written
 */
export async function writeSegmentIndex(
  { directory, logicalName }: Pick<Segment, "directory" | "logicalName">,
  { parts }: Pick<EncodedIndex, "parts">,
  fs: FileSystem,
): Promise<number> {
  await ensurePrivateDirectory(join(directory, indexDirectoryName), fs);
  const path = indexPath(directory, logicalName);
  const temporary = join(dirname(path), temporaryName(basename(path)));
  try {
    const fd = await createPrivateFile(temporary, fs);
    try {
      for (const bytes of joined(parts)) await writeFully(fd, bytes, temporary, fs);
    } finally {
      await fs.close(fd);
    }
    await fs.rename(temporary, path);
  } catch (error) {
    await removeQuietly(temporary, fs);
    throw describeFileError(error, "write the index", path);
  }
  return parts.reduce((bytes, part) => bytes + part.length, 0);
}

function* joined(parts: readonly Buffer[]): Generator<Buffer> {
  let [held, heldBytes]: [Buffer[], number] = [[], 0];
  for (const part of parts) {
    held.push(part);
    heldBytes += part.length;
    if (heldBytes < writeBytes) continue;
    yield Buffer.concat(held);
    [held, heldBytes] = [[], 0];
  }
  if (heldBytes > 0) yield Buffer.concat(held);
}
