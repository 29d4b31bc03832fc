import { decodeLine } from "@prodigy-events/schema";

const lineFeed = 0x0a;

/**
 * Some records in order, encoded once for every writer. Valid until the promises of all writers settle;
 * a writer that keeps something longer copies it.
 */
export interface EncodedBatch {
  /** Canonical lines, each ended by `\n`. */
  readonly bytes: Uint8Array;
  /** How many lines. */
  readonly count: number;
  /** The sequence number of the first line. Sequence numbers grow, with gaps where records were dropped. */
  readonly firstSequence: number;
  readonly lastSequence: number;
  /** The canonical lines, decoded one by one, each with its `\n`. */
  records(): Iterable<string>;
}

/** Everything that a batch states, for {@link batchOf}. */
export interface BatchContent {
  readonly bytes: Uint8Array;
  readonly count: number;
  readonly firstSequence: number;
  readonly lastSequence: number;
}

/** Makes a batch of lines that are encoded already. The bytes are taken as they are, not copied. */
export function batchOf(content: BatchContent): EncodedBatch {
  const { bytes, count, firstSequence, lastSequence } = content;
  return { bytes, count, firstSequence, lastSequence, records: () => linesOf(bytes) };
}

/**
 * Makes a batch of canonical lines (each with its final `\n`) with sequence numbers from `firstSequence` on.
 * `lastSequence` is needed only when the numbers have gaps.
 */
export function encodeBatch(
  lines: readonly string[],
  firstSequence: number,
  lastSequence = firstSequence + lines.length - 1,
): EncodedBatch {
  const bytes = Buffer.from(lines.join(""), "utf8");
  return batchOf({ bytes, count: lines.length, firstSequence, lastSequence });
}

/**
 * Joins batches that follow each other into one; where their bytes follow each other in memory too, without copying
 * them. An empty list is a RangeError: it has no sequence numbers.
 */
export function joinBatches(batches: readonly EncodedBatch[]): EncodedBatch {
  const [first] = batches;
  const last = batches.at(-1);
  if (first === undefined || last === undefined) throw new RangeError("No batches to join.");
  if (batches.length === 1) return first;
  return batchOf({
    bytes: joinBytes(batches.map((batch) => batch.bytes)),
    count: batches.reduce((sum, batch) => sum + batch.count, 0),
    firstSequence: first.firstSequence,
    lastSequence: last.lastSequence,
  });
}

function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  const [first] = parts as readonly [Uint8Array];
  let length = 0;
  for (const part of parts) {
    if (part.buffer !== first.buffer || part.byteOffset !== first.byteOffset + length)
      return Buffer.concat(parts);
    length += part.length;
  }
  return new Uint8Array(first.buffer, first.byteOffset, length);
}

/**
 * The end of the lines that begin at `start` and fit into `maxBytes`: at least one, however long, so that cutting
 * there never tears a line.
 */
export function endOfLines(bytes: Uint8Array, start: number, maxBytes: number): number {
  const limit = start + maxBytes;
  if (limit >= bytes.length) return bytes.length;
  const within = bytes.lastIndexOf(lineFeed, limit - 1);
  if (within >= start) return within + 1;
  const beyond = bytes.indexOf(lineFeed, limit);
  return beyond === -1 ? bytes.length : beyond + 1;
}

/**
 * The part of a batch between two line boundaries, on the same bytes. Its sequence numbers are those of its records;
 * of lines that are no records, those of the whole.
 */
export function sliceBatch(batch: EncodedBatch, start: number, end: number): EncodedBatch {
  if (start === 0 && end === batch.bytes.length) return batch;
  const bytes = batch.bytes.subarray(start, end);
  return batchOf({
    bytes,
    count: countLines(bytes),
    firstSequence: sequenceOf(firstLineOf(bytes)) ?? batch.firstSequence,
    lastSequence: sequenceOf(lastLineOf(bytes)) ?? batch.lastSequence,
  });
}

/** The first line of some canonical lines, without `\n`. */
export function firstLineOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(lineFeed);
  return decode(bytes, 0, end === -1 ? bytes.length : end);
}

/** The last line of some canonical lines, without `\n`. */
export function lastLineOf(bytes: Uint8Array): string {
  const end = bytes.at(-1) === lineFeed ? bytes.length - 1 : bytes.length;
  // A search from -1 would start at the other end of the array.
  const start = end === 0 ? 0 : bytes.lastIndexOf(lineFeed, end - 1) + 1;
  return decode(bytes, start, end);
}

function countLines(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(lineFeed); at !== -1; at = bytes.indexOf(lineFeed, at + 1)) count += 1;
  return count;
}

/** The sequence number of a canonical line, where it has one. */
export function sequenceOf(line: string): number | undefined {
  const decoded = decodeLine(line);
  return decoded.ok ? decoded.record.metadata.sequence : undefined;
}

function* linesOf(bytes: Uint8Array): Generator<string> {
  let start = 0;
  while (start < bytes.length) {
    const end = bytes.indexOf(lineFeed, start);
    const next = end === -1 ? bytes.length : end + 1;
    yield decode(bytes, start, next);
    start = next;
  }
}

function decode(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("utf8");
}
