import type { FileSystem } from "../files/file-system.js";
import { nodeFileSystem } from "../files/node-file-system.js";
import { openForReading, readFully } from "../files/regular-file.js";
import { contentFormatOf, formatProbeBytes } from "../reading/content-format.js";
import { stepThroughMembers } from "./list-members.js";

/** A place in a gzip file of ours from which on it is not as it was written. */
export interface AlteredMember {
  /** In the file. */
  offset: number;
  /** In the uncompressed content. */
  logicalOffset: number;
}

/**
 * Looks for a change in the headers and sizes of a gzip file of ours that leaves its content readable, so that reading
 * does not notice it: a changed time, system or extra field, bytes put between the members. Steps from header to
 * header and inflates nothing; the contents have checksums of their own. `undefined` when everything is as it was
 * written, and for files that are not gzip of ours.
 *
 * @throws StorageError when the file cannot be opened or read
 */
export async function findAlteredMember(
  path: string,
  fs: FileSystem = nodeFileSystem,
): Promise<AlteredMember | undefined> {
  const { fd, stats } = await openForReading(path, fs);
  try {
    const probe = Buffer.alloc(formatProbeBytes);
    const filled = await readFully(fd, probe, formatProbeBytes, 0, path, fs);
    if (contentFormatOf(probe.subarray(0, filled)) !== "members") return undefined;
    const { endOffset, logicalEndOffset } = await stepThroughMembers(fd, stats.size, path, fs);
    return endOffset === stats.size ? undefined : { offset: endOffset, logicalOffset: logicalEndOffset };
  } finally {
    await fs.close(fd);
  }
}
