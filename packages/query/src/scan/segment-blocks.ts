import { type LineBlock, type LineProblem, readBlocks, StorageError } from "@prodigy-events/storage";
import type { PlannedSegment } from "../plan/query-plan.js";
import { reportDamage, reportTail, reportUnreadable } from "../read/line-problems.js";
import type { ReadContext } from "../read/read-context.js";

/** What of a segment is wanted, in the uncompressed content. */
export interface WantedLines {
  /** 0 or the offset of a line. */
  readonly start?: number;
  /** After the last wanted line; left out for all of them, and what stands after them. */
  readonly end?: number;
}

/**
 * The lines of a segment in blocks, from its beginning to its end or as many as are wanted. What cannot be read ends the segment and is reported,
 * as `SegmentReader` does; it never ends the answer.
 */
export async function* segmentBlocks(
  { source, endOffset }: PlannedSegment,
  context: ReadContext,
  { start = 0, end = endOffset ?? Number.POSITIVE_INFINITY }: WantedLines = {},
): AsyncGenerator<LineBlock, void> {
  const { fs, bounds, signal, report } = context;
  const { segment, path } = source;
  const tails: LineProblem[] = [];
  const onProblem = (problem: LineProblem) => {
    if (problem.reason === "tail") tails.push(problem);
    else reportDamage(problem, path, context);
  };
  let position = start;
  try {
    for await (const block of readBlocks(segment, {
      fs,
      onProblem,
      startOffset: start,
      endOffset: end,
      chunkBytes: bounds.maxChunkBytes,
      maxInflatedBytes: bounds.maxInflatedBytes,
      ...(signal ? { signal } : {}),
    })) {
      report.opened(path);
      yield block;
      position = block.offset + block.bytes.length;
    }
    report.opened(path);
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    reportUnreadable(path, position, error, context);
  }
  for (const tail of tails) reportTail(tail, path, await context.isClosed(segment), context);
}
