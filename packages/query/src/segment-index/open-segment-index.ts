import { crc32 } from "node:zlib";
import {
  errnoOf,
  type FileSystem,
  indexPath,
  type OpenFile,
  openForReading,
  readFully,
  type Segment,
  StorageError,
} from "@prodigy-events/storage";
import { fingerprintOf } from "./fingerprint.js";
import { type IndexHeader, magic, maxHeaderBytes, parseHeader, prefaceBytes } from "./index-header.js";
import { indexBytes, SegmentIndex } from "./segment-index.js";

/**
 * Why a segment has no index that can be used: there is none · it cannot be read · it is not what was written · it is of
 * another version · its segment is another file, or has been changed other than by appending · it covers more than may be
 * inflated.
 */
export type NoIndexReason =
  | "absent"
  | "unreadable"
  | "damaged"
  | "other version"
  | "other file"
  | "rewritten"
  | "too large";

/** An index that fits its segment, or why there is none. */
export type OpenedIndex =
  | { readonly index: SegmentIndex; readonly reason?: undefined }
  | { readonly index?: undefined; readonly reason: NoIndexReason };

/** As much as holds the header and the texts of the event types: the answer to most counts takes one read. */
const firstReadBytes = 16 * 1024;
/** Numbers in the file are as the machine has them, and no machine that Node knows well has the other order. */
const isLittleEndian = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;

/**
 * Opens the index of a segment, if it has one that fits it as it was listed. The caller closes it. Whatever is wrong with
 * an index is no error: the answer is in the segment.
 *
 * @param maxInflatedBytes how much of a compressed segment may be read
 */
export async function openSegmentIndex(
  segment: Segment,
  { fs, maxInflatedBytes = Number.POSITIVE_INFINITY }: { fs: FileSystem; maxInflatedBytes?: number },
): Promise<OpenedIndex> {
  if (!isLittleEndian) return { reason: "absent" };
  const path = indexPath(segment.directory, segment.logicalName);
  let file: OpenFile;
  try {
    file = await openForReading(path, fs);
  } catch (error) {
    const isAbsent = ["ENOENT", "ENOTDIR", "ENAMETOOLONG"].includes(errnoOf(error) ?? "");
    return { reason: isAbsent ? "absent" : "unreadable" };
  }
  let opened: OpenedIndex | undefined;
  try {
    opened = await openHeader(segment, { ...file, path }, fs, maxInflatedBytes);
    return opened;
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    return { reason: "unreadable" };
  } finally {
    if (!opened?.index) await fs.close(file.fd);
  }
}

async function openHeader(
  segment: Segment,
  { fd, path, stats }: OpenFile & { readonly path: string },
  fs: FileSystem,
  maxInflatedBytes: number,
): Promise<OpenedIndex> {
  let head = Buffer.alloc(Math.min(firstReadBytes, stats.size));
  await readFully(fd, head, head.length, 0, path, fs);
  if (head.length < prefaceBytes) return { reason: "damaged" };
  if (!head.subarray(0, magic.length - 1).equals(magic.subarray(0, -1))) return { reason: "damaged" };
  if (head[magic.length - 1] !== magic.at(-1)) return { reason: "other version" };
  const bodyOffset = prefaceBytes + head.readUInt32LE(8);
  if (bodyOffset > stats.size || bodyOffset > maxHeaderBytes) return { reason: "damaged" };
  if (bodyOffset > head.length) {
    head = Buffer.alloc(bodyOffset);
    if ((await readFully(fd, head, bodyOffset, 0, path, fs)) < bodyOffset) return { reason: "damaged" };
  }
  const text = head.subarray(prefaceBytes, bodyOffset);
  const header = crc32(text) === head.readUInt32LE(12) ? parseHeader(text.toString("utf8")) : undefined;
  if (!header || indexBytes(header, bodyOffset) !== stats.size) return { reason: "damaged" };
  if (header.segment.format !== "plain" && header.contentBytes > maxInflatedBytes)
    return { reason: "too large" };
  const fit = await fitOf(header, segment, fs);
  if (fit !== "same" && fit !== "grown") return { reason: fit };
  const index = new SegmentIndex(header, fit === "grown", { fd, path, fs, head, bodyOffset });
  return { index };
}

/** Whether a segment is the one that was indexed, as it was, or with more lines at its end. */
async function fitOf(
  { segment: indexed, fingerprint, endOffset }: IndexHeader,
  segment: Segment,
  fs: FileSystem,
): Promise<"same" | "grown" | "other file" | "rewritten"> {
  const { dev, ino, bytes, mtimeMs, logicalName } = segment;
  if (indexed.logicalName !== logicalName || indexed.dev !== dev || indexed.ino !== ino) return "other file";
  if (indexed.bytes === bytes && indexed.mtimeMs === mtimeMs) return "same";
  if (indexed.format !== "plain" || fingerprint === null || indexed.bytes >= bytes) return "rewritten";
  const file = await openForReading(segment.path, fs).catch(() => undefined); // renamed meanwhile: it is looked for later
  if (!file) return "other file";
  try {
    if (file.stats.dev !== dev || file.stats.ino !== ino) return "other file";
    const found = await fingerprintOf({ fd: file.fd, path: segment.path }, endOffset, fs);
    return found === fingerprint ? "grown" : "rewritten";
  } finally {
    await fs.close(file.fd);
  }
}
