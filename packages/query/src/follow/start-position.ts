import { decodeLine } from "@prodigy-events/schema";
import { type LineProblem, readLinesBackward } from "@prodigy-events/storage";
import type { ReadContext } from "../read/read-context.js";
import type { SourceSegment } from "../source/source-segment.js";

/** Where a segment that was there at the start divides into history and what is followed. */
export interface StartPosition {
  /** The end of its last whole line at the start. */
  readonly offset: number;
  /** The sequence number of its last record; `undefined` if it has none that we can tell. */
  readonly lastSequence: number | undefined;
}

/** Finds the end of a plain segment's last whole line, and its last record, from its end. */
export async function startPosition(
  { segment }: SourceSegment,
  { fs, bounds }: ReadContext,
): Promise<StartPosition> {
  let offset = 0;
  const onProblem = ({ reason, offset: start, length }: LineProblem) => {
    if (reason !== "tail") offset = Math.max(offset, start + length + 1);
  };
  const options = { fs, onProblem, endOffset: segment.bytes, chunkBytes: bounds.minChunkBytes };
  for await (const lines of readLinesBackward(segment, options)) {
    for (const line of lines) {
      offset = Math.max(offset, line.offset + line.length + 1);
      const decoded = decodeLine(line.text);
      if (!decoded.ok) continue;
      const { sequence, producer_id: producerId } = decoded.record.metadata;
      const isOwn = producerId === segment.producerId && Number.isSafeInteger(sequence);
      return { offset, lastSequence: isOwn ? (sequence as number) : undefined };
    }
  }
  return { offset, lastSequence: undefined };
}
