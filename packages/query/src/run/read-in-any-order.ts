import type { PlannedChain, PlannedSegment, QueryPlan } from "../plan/query-plan.js";
import { ChainSource } from "../read/chain-source.js";
import { LineDecoder } from "../read/line-decoder.js";
import type { Entry } from "../read/match.js";
import type { ReadContext } from "../read/read-context.js";
import { SegmentReader } from "../read/segment-reader.js";
import { copiesOfFile } from "../read/shared-copies.js";

/** Everything that is wanted, chain by chain and file by file: for answers that do not depend on the order. */
export async function* readInAnyOrder(plan: QueryPlan, context: ReadContext): AsyncGenerator<Entry[], void> {
  for (const chain of plan.chains) yield* readChain(chain, context);
  for (const file of plan.files) yield* readFile(file, context);
}

async function* readChain(chain: PlannedChain, context: ReadContext): AsyncGenerator<Entry[], void> {
  const source = new ChainSource(chain, { direction: "forward" }, context);
  try {
    for (let entries = await source.next(context.bounds.maxChunkBytes); entries; ) {
      yield entries;
      entries = await source.next(context.bounds.maxChunkBytes);
    }
  } finally {
    await source.release();
  }
}

/** The wanted entries of one file, as they stand in it. */
export async function* readFile(
  planned: PlannedSegment,
  context: ReadContext,
): AsyncGenerator<Entry[], void> {
  const reader = new SegmentReader(planned, { direction: "forward" }, context);
  const decoder = new LineDecoder(context, copiesOfFile(planned));
  try {
    for (let lines = await reader.next(context.bounds.maxChunkBytes); lines; ) {
      yield decoder.decode(planned, lines);
      lines = await reader.next(context.bounds.maxChunkBytes);
    }
  } finally {
    await reader.release();
  }
}
