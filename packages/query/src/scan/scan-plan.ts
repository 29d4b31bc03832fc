import type { PlannedSegment, QueryPlan } from "../plan/query-plan.js";
import type { ReadContext } from "../read/read-context.js";
import { RowReader } from "./row-reader.js";
import type { Scan } from "./scan.js";
import { segmentBlocks } from "./segment-blocks.js";

/**
 * Scans everything, chain by chain and file by file; the target has what is wanted. Pauses after every block, so that the
 * caller can look how far it has come, and stop.
 */
export async function* scanPlan(
  plan: QueryPlan,
  scan: Scan,
  context: ReadContext,
): AsyncGenerator<void, void> {
  for (const { producerId, segments } of plan.chains) {
    yield* scanSegments(segments, new RowReader(scan, context, producerId), context);
  }
  for (const file of plan.files) yield* scanSegments([file], new RowReader(scan, context), context);
}

async function* scanSegments(
  segments: readonly PlannedSegment[],
  reader: RowReader,
  context: ReadContext,
): AsyncGenerator<void, void> {
  for (const planned of segments) {
    for await (const block of segmentBlocks(planned, context)) {
      reader.read(planned, block);
      yield;
    }
  }
}
