import type { QueryPlan } from "../plan/query-plan.js";
import type { Entry } from "../read/match.js";
import type { ReadContext } from "../read/read-context.js";
import { ReportBuilder } from "../report/report-builder.js";
import { gather } from "./gather.js";
import { mergeForward } from "./merge-forward.js";
import { readInAnyOrder } from "./read-in-any-order.js";
import { readNewest } from "./read-newest.js";

/** The answer of a plan, in time order, in arrays. */
export async function* runQuery(plan: QueryPlan, context: ReadContext): AsyncGenerator<Entry[], void> {
  if (plan.strategy === "newest") {
    const newest = await readNewest(plan, context);
    if (newest.length > 0) yield newest;
    return;
  }
  const gathered = plan.strategy === "gather" ? await gather(plan, context) : undefined;
  if (gathered) yield* gathered;
  else yield* mergeWithin(plan, context);
}

/** Everything that is wanted as it comes out of a merge, or the end of it that the limit keeps. */
async function* mergeWithin(plan: QueryPlan, context: ReadContext): AsyncGenerator<Entry[], void> {
  const { limit, order } = plan.query;
  if (limit === 0) yield* mergeForward(plan, context);
  else if (order === "oldest") yield* take(mergeForward(plan, context), limit, context.report);
  else yield* skip(mergeForward(plan, context), Math.max(0, (await countMatches(plan, context)) - limit));
}

async function countMatches(plan: QueryPlan, context: ReadContext): Promise<number> {
  const report = new ReportBuilder();
  for await (const _entries of readInAnyOrder(plan, { ...context, report })) void _entries;
  return report.matched;
}

async function* skip(batches: AsyncGenerator<Entry[], void>, count: number): AsyncGenerator<Entry[], void> {
  let left = count;
  for await (const batch of batches) {
    if (left < batch.length) yield left === 0 ? batch : batch.slice(left);
    left = Math.max(0, left - batch.length);
  }
}

async function* take(
  batches: AsyncGenerator<Entry[], void>,
  count: number,
  report: ReportBuilder,
): AsyncGenerator<Entry[], void> {
  let left = count;
  for await (const batch of batches) {
    yield batch.length <= left ? batch : batch.slice(0, left);
    left -= batch.length;
    if (left > 0) continue;
    report.complete = false;
    return;
  }
}
