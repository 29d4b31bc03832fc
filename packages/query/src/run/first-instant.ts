import { type Line, readLines, readLinesBackward, StorageError } from "@prodigy-events/storage";
import { type Rank, rankAfter, rankBefore } from "../merge/order.js";
import type { PlannedChain } from "../plan/query-plan.js";
import { readLineInstant } from "../read/line-instant.js";
import type { ReadContext } from "../read/read-context.js";
import type { Direction } from "../read/time-order.js";
import type { Instant } from "../time/instant.js";
import { InstantReader } from "../time/instant-reader.js";

/** Ranks before every record; after every one when read backward: nothing is known. */
export function unknownBound(direction: Direction): Rank {
  const ms = direction === "forward" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return rankBefore({ ms, nanos: 0 });
}

/**
 * A bound of the ranks in a chain, from its first record (its last, when read backward), so that the chain need not be
 * opened before its time has come. Nothing is counted or reported.
 */
export async function chainBound(
  chain: PlannedChain,
  direction: Direction,
  context: ReadContext,
): Promise<Rank> {
  const end = direction === "forward" ? chain.segments[0] : chain.segments.at(-1);
  const read = direction === "forward" ? readLines : readLinesBackward;
  try {
    if (!end) return unknownBound(direction);
    const endOffset = end.endOffset ?? Number.POSITIVE_INFINITY;
    const options = {
      fs: context.fs,
      chunkBytes: context.bounds.minChunkBytes,
      endOffset,
      onProblem: () => {},
    };
    for await (const lines of read(end.source.segment, options)) {
      const instant = firstInstant(lines);
      if (instant) return direction === "forward" ? rankBefore(instant) : rankAfter(instant);
    }
  } catch (error) {
    // Whatever keeps it from being read shows, and is reported, when the chain is opened.
    if (!(error instanceof StorageError)) throw error;
  }
  return unknownBound(direction);
}

function firstInstant(lines: readonly Line[]): Instant | undefined {
  const instant = new InstantReader();
  return lines.some(({ text }) => readLineInstant(text, instant)) ? instant : undefined;
}
