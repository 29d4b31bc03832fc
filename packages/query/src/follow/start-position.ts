import { decodeLine, type EventRecord } from "@prodigy-events/schema";
import { type LineProblem, readLinesBackward } from "@prodigy-events/storage";
import { limits } from "../limits.js";
import type { ReadContext } from "../read/read-context.js";
import type { SourceSegment } from "../source/source-segment.js";

/** Where a segment that was there at the start divides into history and what is followed. */
export interface StartPosition {
  /** The end of its last whole line at the start. */
  readonly offset: number;
  /** One of our own: the sequence number of its last record; `undefined` if it has none that we can tell. */
  readonly lastSequence: number | undefined;
  /** One of others: the ids of its last records, oldest first. */
  readonly recentIds: readonly string[];
}

/** Finds the end of a plain segment's last whole line, and what its last records tell, from its end. */
export async function startPosition(
  { segment }: SourceSegment,
  { fs, bounds }: ReadContext,
): Promise<StartPosition> {
  const isOwn = segment.producerId !== undefined;
  const records: EventRecord[] = [];
  const wanted = isOwn ? 1 : limits.maxRecentIds;
  let offset = 0;
  const onProblem = ({ reason, offset: start, length }: LineProblem) => {
    if (reason !== "tail") offset = Math.max(offset, start + length + 1);
  };
  const chunkBytes = isOwn ? bounds.minChunkBytes : bounds.maxChunkBytes;
  for await (const lines of readLinesBackward(segment, {
    fs,
    onProblem,
    endOffset: segment.bytes,
    chunkBytes,
  })) {
    for (const line of lines) {
      offset = Math.max(offset, line.offset + line.length + 1);
      const decoded = decodeLine(line.text);
      if (decoded.ok) records.push(decoded.record);
      if (records.length >= wanted) break;
    }
    if (records.length >= wanted) break;
  }
  return {
    offset,
    lastSequence: isOwn ? sequenceOf(records[0], segment.producerId) : undefined,
    recentIds: isOwn ? [] : records.map(({ id }) => id).reverse(),
  };
}

/** The number of a record, if it is one of that producer. */
export function sequenceOf(
  record: EventRecord | undefined,
  producerId: string | undefined,
): number | undefined {
  const { sequence, producer_id: writtenBy } = record?.metadata ?? {};
  return writtenBy === producerId && Number.isSafeInteger(sequence) ? sequence : undefined;
}
