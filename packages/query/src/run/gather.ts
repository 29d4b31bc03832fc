import type { QueryPlan } from "../plan/query-plan.js";
import type { Entry } from "../read/match.js";
import type { ReadContext } from "../read/read-context.js";
import { ReportBuilder } from "../report/report-builder.js";
import { Gathered } from "../scan/gathered.js";
import { openScan } from "../scan/open-scan.js";
import { scanPlan } from "../scan/scan-plan.js";

/**
 * Scans everything in any order for what the filters want, and holds it; `undefined`, with nothing counted, if it is more
 * than `bounds.maxGatheredBytes` of lines, or cannot be scanned for.
 */
export async function gather(
  plan: QueryPlan,
  context: ReadContext,
): Promise<Generator<Entry[], void> | undefined> {
  const { bounds, needsRecords = false } = context;
  const own = { ...context, report: new ReportBuilder() };
  const scan = openScan(plan.query, own, (kernel) => new Gathered(kernel, plan, needsRecords));
  if (!scan) return undefined;
  for await (const _block of scanPlan(plan, scan, own)) {
    if (scan.target.heldBytes > bounds.maxGatheredBytes) return undefined;
  }
  context.report.absorb(own.report.counts());
  context.report.threads = own.report.threads;
  return scan.target.inOrder(plan.query.limit, bounds.batchRecords);
}
