import type { FileSystem } from "../files/file-system.js";
import { nodeFileSystem } from "../files/node-file-system.js";
import { openSegment } from "../reading/open-content.js";
import type { Segment } from "../segments/segment.js";
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
 * written, and for files that are not gzip of ours. A segment that was renamed since it was listed is found again.
 *
 * @throws StorageError when the file cannot be opened or read
 */
export async function findAlteredMember(
  segment: Segment | string,
  fs: FileSystem = nodeFileSystem,
): Promise<AlteredMember | undefined> {
  const { fd, stats, path, format } = await openSegment(segment, fs);
  try {
    if (format !== "members") return undefined;
    const { endOffset, logicalEndOffset } = await stepThroughMembers(fd, stats.size, path, fs);
    return endOffset === stats.size ? undefined : { offset: endOffset, logicalOffset: logicalEndOffset };
  } finally {
    await fs.close(fd);
  }
}
