import { compareRanks } from "../merge/order.js";
import type { PlannedSegment } from "../plan/query-plan.js";
import type { Entry } from "../read/match.js";
import type { ReadContext } from "../read/read-context.js";
import { ReportBuilder } from "../report/report-builder.js";
import { readFile } from "./read-in-any-order.js";

/**
 * The wanted entries of a small file that anybody may have written, in order, if their lines have no more than
 * `maxBytes` together: it is then read once and not twice. `undefined` for others, of which nothing has been counted.
 */
export async function holdFile(
  planned: PlannedSegment,
  context: ReadContext,
  maxBytes: number,
): Promise<Entry[] | undefined> {
  if (planned.source.segment.bytes > maxBytes) return undefined;
  const report = new ReportBuilder();
  const held: Entry[] = [];
  let heldBytes = 0;
  for await (const entries of readFile(planned, { ...context, report })) {
    for (const entry of entries) {
      held.push(entry);
      heldBytes += entry.line.length;
    }
    if (heldBytes > maxBytes) return undefined;
  }
  context.report.absorb(report.counts());
  return held.sort(compareRanks);
}
