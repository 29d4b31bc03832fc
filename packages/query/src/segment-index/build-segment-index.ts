import type { Stats } from "node:fs";
import {
  type ContentFormat,
  contentFormatOf,
  errnoOf,
  type FileSystem,
  formatProbeBytes,
  type LineProblem,
  listMembers,
  type Member,
  type OpenFile,
  openForReading,
  readBlocks,
  readFully,
  type Segment,
} from "@prodigy-events/storage";
import type { EncodedIndex } from "./encode-index.js";
import { fingerprintOf } from "./fingerprint.js";
import type { IndexedSegment } from "./index-header.js";
import { indexLines } from "./index-lines.js";
import { type IndexPiece, IndexPieceBuilder } from "./index-piece.js";
import { joinIndexPieces } from "./join-index-pieces.js";
import type { ReusedKernel } from "./reused-kernel.js";
import type { SegmentIndex } from "./segment-index.js";

/** How an index is built. */
export interface BuildOptions {
  readonly fs: FileSystem;
  readonly kernel: ReusedKernel;
  /** Bytes read at a time. */
  readonly chunkBytes: number;
  readonly maxInflatedBytes: number;
  readonly signal?: AbortSignal | undefined;
  /** An index of the segment before it grew, whose rows need not be read again. */
  readonly extended?: SegmentIndex | undefined;
  /** Is told how many bytes of content have been read. */
  readonly onRead?: ((bytes: number) => void) | undefined;
}

/** An index that was built, and what it took. */
export interface BuiltIndex extends EncodedIndex {
  /** Whether the rows of `extended` are in it. */
  readonly isExtended: boolean;
  /** Bytes of content that were read. */
  readonly bytesRead: number;
}

/**
 * Reads a segment and makes its index; a text says why it cannot have one: what is in it must be readable to its end, and
 * its file must stay what it is meanwhile, but for lines that are appended.
 *
 * @throws StorageError when the segment cannot be read
 */
export async function buildSegmentIndex(
  { path, logicalName }: Segment,
  options: BuildOptions,
): Promise<BuiltIndex | string> {
  const { fs } = options;
  const file = await openForReading(path, fs);
  try {
    const format = await formatOf(file, path, fs);
    // Taken before anything is read: what is changed from now on makes the index one of former content.
    const { dev, ino, size: bytes, mtimeMs } = file.stats;
    const limit = format === "plain" ? bytes : Number.POSITIVE_INFINITY;
    const read = await readPieces(path, limit, options);
    if (typeof read === "string") return read;
    const segment = { logicalName, dev, ino, bytes, mtimeMs, format };
    const encoded = await encodeRead(read, { segment, path, file, fs });
    if (typeof encoded === "string") return encoded;
    return { ...encoded, isExtended: read.pieces.length > 1, bytesRead: read.bytesRead };
  } finally {
    await fs.close(file.fd);
  }
}

/**
 * Makes the index of a segment that somebody has read to its end since it was listed, of the pieces that were found; a text
 * says why it cannot have one.
 *
 * @throws StorageError when the segment cannot be read
 */
export async function encodeSegmentIndex(
  { path, logicalName, dev, ino, bytes, mtimeMs }: Segment,
  read: Pick<ReadPieces, "pieces" | "contentBytes" | "endOffset">,
  fs: FileSystem,
): Promise<EncodedIndex | string> {
  const file = await openForReading(path, fs);
  try {
    if (file.stats.dev !== dev || file.stats.ino !== ino) return "it is another file by now";
    const format = await formatOf(file, path, fs);
    const listed = { ...file, stats: { dev, ino, size: bytes, mtimeMs } };
    const segment = { logicalName, dev, ino, bytes, mtimeMs, format };
    return await encodeRead(read, { segment, path, file: listed, fs });
  } finally {
    await fs.close(file.fd);
  }
}

/** The file of a segment, and what it was before it was read. */
interface ReadSegment {
  readonly segment: IndexedSegment;
  readonly path: string;
  readonly file: FormerFile;
  readonly fs: FileSystem;
}

interface FormerFile {
  readonly fd: number;
  readonly stats: Pick<Stats, "dev" | "ino" | "size" | "mtimeMs">;
}

async function encodeRead(
  { pieces, contentBytes, endOffset }: Pick<ReadPieces, "pieces" | "contentBytes" | "endOffset">,
  { segment, path, file, fs }: ReadSegment,
): Promise<EncodedIndex | string> {
  const { format } = segment;
  const fingerprint = format === "plain" ? await fingerprintOf({ fd: file.fd, path }, endOffset, fs) : null;
  if (fingerprint === undefined || !(await isStill(path, file, format, fs)))
    return "it was changed meanwhile";
  const members = format === "members" ? await membersOf(path, contentBytes, fs) : [];
  return joinIndexPieces(pieces, { segment, contentBytes, endOffset, fingerprint, members });
}

async function formatOf({ fd }: OpenFile, path: string, fs: FileSystem): Promise<ContentFormat> {
  const probe = Buffer.alloc(formatProbeBytes);
  const filled = await readFully(fd, probe, formatProbeBytes, 0, path, fs);
  return contentFormatOf(probe.subarray(0, filled));
}

interface ReadPieces {
  readonly pieces: readonly IndexPiece[];
  readonly contentBytes: number;
  readonly endOffset: number;
  readonly bytesRead: number;
}

/** The lines from where `extended` ends up to `limit`, and what `extended` has. */
async function readPieces(path: string, limit: number, options: BuildOptions): Promise<ReadPieces | string> {
  const { fs, chunkBytes, maxInflatedBytes, signal, extended, onRead } = options;
  const known = await extended?.piece();
  const startOffset = known?.endOffset ?? 0;
  const kernel = options.kernel.next();
  const builder = new IndexPieceBuilder(startOffset, (of, code) => kernel.text(of, code));
  const problems: LineProblem[] = [];
  let endOffset = startOffset;
  for await (const block of readBlocks(path, {
    ...{ fs, chunkBytes, maxInflatedBytes, startOffset, endOffset: Math.max(limit, startOffset) },
    ...(signal ? { signal } : {}),
    onProblem: (problem) => problems.push(problem),
  })) {
    indexLines(block, kernel, builder);
    endOffset = block.offset + block.bytes.length;
    onRead?.(endOffset - startOffset);
  }
  const refusal = problems.find(({ reason }) => reason !== "tail");
  if (refusal) return `what is at byte ${refusal.offset} cannot be indexed: ${refusal.message}`;
  const [tail] = problems;
  const contentBytes = tail ? tail.offset + tail.length : endOffset;
  const piece = builder.finish(endOffset);
  options.kernel.used(piece);
  return {
    pieces: known ? [known, piece] : [piece],
    contentBytes,
    endOffset,
    bytesRead: contentBytes - startOffset,
  };
}

/** Whether the path still leads to the file that was opened, and nothing has happened to it but that it grew. */
async function isStill(
  path: string,
  { fd, stats }: FormerFile,
  format: ContentFormat,
  fs: FileSystem,
): Promise<boolean> {
  try {
    const [now, there] = [await fs.fstat(fd), await fs.stat(path)];
    if (there.dev !== stats.dev || there.ino !== stats.ino) return false;
    if (now.size === stats.size) return now.mtimeMs === stats.mtimeMs;
    return format === "plain" && now.size > stats.size;
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return false; // renamed or removed: it is found again by whoever asks next
  }
}

/** The members of a file of ours; none where they do not add up. */
async function membersOf(path: string, contentBytes: number, fs: FileSystem): Promise<Member[]> {
  const members = (await listMembers(path, fs)) ?? [];
  const last = members.at(-1);
  return last && last.logicalOffset + last.logicalBytes === contentBytes ? members : [];
}
