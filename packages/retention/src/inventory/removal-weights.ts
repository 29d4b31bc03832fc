import type { SurveyedSegment } from "./survey-segment.js";

/**
 * True when `maxBytes` can take single lines out of a segment, because each line taken out frees exactly its own
 * bytes. A compressed segment, or one that exists in several states, goes whole or not at all: how large its rest
 * would be is not known before it is written. Nor is one cut whose producer may be alive.
 */
export function isCutByLine({ encoding, files, wholeOnly }: SurveyedSegment): boolean {
  return encoding === "plain" && files.length === 1 && wholeOnly === undefined;
}

/** True when removing all wanted records of a segment leaves nothing that must be kept. */
export function goesWhole({ malformed, records, wanted }: SurveyedSegment): boolean {
  return malformed === 0 && records === wanted.records;
}

/** Bytes that the files of a segment take on the disk. */
export function storedBytes({ files }: Pick<SurveyedSegment, "files">): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** The share of a segment's stored bytes that belongs to the scope: all, unless it holds records of other jobs too. */
export function storedBytesInScope(segment: SurveyedSegment): number {
  if (segment.records === segment.wanted.records || segment.bytes === 0) return storedBytes(segment);
  if (isCutByLine(segment)) return segment.wanted.bytes;
  return Math.ceil((storedBytes(segment) * segment.wanted.bytes) / segment.bytes);
}

/**
 * Stored bytes that become free with the last wanted record of a segment, beyond those of the lines taken out one
 * by one: of a segment cut by line its blank lines, of any other all that removing it is sure to free.
 */
export function bytesFreedWithLast(segment: SurveyedSegment): number {
  if (segment.wanted.records === 0) return 0;
  if (isCutByLine(segment)) return goesWhole(segment) ? segment.bytes - segment.wanted.bytes : 0;
  if (goesWhole(segment)) return storedBytes(segment);
  if (segment.wholeOnly !== undefined) return 0;
  return Math.max(0, storedBytes(segment) - maxGzipBytes(segment.bytes - segment.wanted.bytes));
}

/** Stored bytes that become free when all wanted records of a segment go. */
export function removableBytes(segment: SurveyedSegment): number {
  return bytesFreedWithLast(segment) + (isCutByLine(segment) ? segment.wanted.bytes : 0);
}

/**
 * An upper bound for the gzip of `bytes` bytes of lines: that of zlib (`deflateBound` for default settings), and
 * for each of our members its header, its trailer and the bound's constant. Any two members in a row hold more
 * than 1 MiB.
 */
function maxGzipBytes(bytes: number): number {
  const members = 2 * Math.floor(bytes / 1_048_576) + 2;
  return (
    bytes +
    Math.ceil(bytes / 4_096) +
    Math.ceil(bytes / 16_384) +
    Math.ceil(bytes / 33_554_432) +
    64 * members
  );
}
