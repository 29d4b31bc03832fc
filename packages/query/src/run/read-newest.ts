import { mergeCursors } from "../merge/merge-cursors.js";
import { NewestHeap } from "../merge/newest-heap.js";
import { compareRanks, compareRanksBackward } from "../merge/order.js";
import type { QueryPlan } from "../plan/query-plan.js";
import type { Entry } from "../read/match.js";
import type { ReadContext } from "../read/read-context.js";
import { chainCursors, heldCursor } from "./open-cursors.js";
import { readFile } from "./read-in-any-order.js";

/**
 * The newest entries, as many as the query's limit, in time order. Chains are read backward from their ends and no
 * further than needed; files that anybody may have written are read whole.
 */
export async function readNewest(plan: QueryPlan, context: ReadContext): Promise<Entry[]> {
  const { limit } = plan.query;
  const heap = new NewestHeap(limit);
  for (const file of plan.files) {
    for await (const entries of readFile(file, context)) for (const entry of entries) heap.offer(entry);
  }
  const cursors = await chainCursors(plan.chains, { direction: "backward", limit }, context);
  cursors.push(heldCursor(heap.drain(), "backward"));

  const newest: Entry[] = [];
  const { signal } = context;
  const bounds = { ...context.bounds, batchRecords: Math.min(limit, context.bounds.batchRecords) };
  for await (const entries of mergeCursors(cursors, compareRanksBackward, { bounds, signal })) {
    for (const entry of entries) if (newest.length < limit) newest.push(entry);
    if (newest.length >= limit) break;
  }
  context.report.complete = cursors.every((cursor) => cursor.isEnded);
  // A chain that grew meanwhile may have given a record that is newer than the ones before it.
  return newest.sort(compareRanks);
}
