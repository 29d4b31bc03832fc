import { hasFilter } from "../filter/query.js";
import type { OnProgress } from "../inputs.js";
import type { QueryPlan } from "../plan/query-plan.js";
import type { ReadContext } from "../read/read-context.js";
import { openScan } from "../scan/open-scan.js";
import { RowGroups } from "../scan/row-groups.js";
import { scanPlan } from "../scan/scan-plan.js";
import type { GroupCounter } from "../stats/group-counter.js";
import { groupKeyReader } from "../stats/group-key.js";
import { readInAnyOrder } from "./read-in-any-order.js";

/** What is counted, by what, and who is told how far it has come. */
export interface Counting {
  readonly counter: GroupCounter;
  readonly groupBy?: readonly string[] | undefined;
  readonly onProgress?: OnProgress | undefined;
}

/** Counts the records of a plan: by their columns where those tell the groups, or which records are wanted. */
export async function countGroups(
  plan: QueryPlan,
  context: ReadContext,
  { counter, groupBy = ["event_type"], onProgress }: Counting,
): Promise<void> {
  context.report.strategy = "count";
  const scan = openScan(plan.query, context, (kernel) => new RowGroups(groupBy, counter, kernel));
  if (scan && (scan.target.mask !== undefined || hasFilter(plan.query) || context.search)) {
    for await (const _block of scanPlan(plan, scan, context)) onProgress?.(context.report);
    scan.target.finish();
    return;
  }
  const keyOf = groupKeyReader(groupBy);
  for await (const batch of readInAnyOrder(plan, context)) {
    for (const { record } of batch) counter.add(keyOf(record));
    onProgress?.(context.report);
  }
}
