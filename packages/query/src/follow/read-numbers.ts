import type { PlannedChain } from "../plan/query-plan.js";
import { ChainSource } from "../read/chain-source.js";
import type { ReadContext } from "../read/read-context.js";
import { ReportBuilder } from "../report/report-builder.js";
import type { SourceSegment } from "../source/source-segment.js";
import type { NumberRange } from "../verify/ranges.js";
import { ChainNumbers } from "./chain-numbers.js";

/** Numbers that were looked up. */
export interface FoundNumbers {
  readonly numbers: ChainNumbers;
  /** False if something could not be read: there may be more. */
  readonly isWhole: boolean;
}

/** Parses a chain for the numbers in it alone: nothing of it is given, counted or reported. */
export async function readNumbers(chain: PlannedChain, context: ReadContext): Promise<FoundNumbers> {
  const numbers = new ChainNumbers(chain.producerId);
  const report = new ReportBuilder();
  const quiet = { ...context, report, strict: false, accepts: () => false, copiesOf: () => numbers };
  const source = new ChainSource(chain, { direction: "forward" }, quiet);
  try {
    while (await source.next(context.bounds.maxChunkBytes));
  } finally {
    await source.release();
  }
  return { numbers, isWhole: report.problemFiles === 0 && numbers.sequences.isComplete };
}

/**
 * The numbers that are accounted for in a part of a producer's segment, by records or by what they say was dropped;
 * `isWhole` as in {@link FoundNumbers}. None for a file that is no such part.
 */
export async function numbersInPart(
  source: SourceSegment,
  context: ReadContext,
): Promise<{ readonly ranges: readonly NumberRange[]; readonly isWhole: boolean }> {
  const { partOf } = source.segment;
  if (partOf === undefined) return { ranges: [], isWhole: true };
  const chain = { producerId: partOf.producerId, segments: [{ source, file: 0 }] };
  const { numbers, isWhole } = await readNumbers(chain, context);
  const met = numbers.sequences.ranges.map(([first, last]) => ({ first, last }));
  return { ranges: [...met, ...numbers.dropped], isWhole };
}
