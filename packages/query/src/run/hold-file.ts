import { compareRanks } from "../merge/order.js";
import type { PlannedSegment } from "../plan/query-plan.js";
import type { Entry } from "../read/match.js";
import type { ReadContext } from "../read/read-context.js";
import { ReportBuilder } from "../report/report-builder.js";
import { readFile } from "./read-in-any-order.js";

/**
 * The wanted entries of a file that anybody may have written, in order, if their lines have no more than `maxBytes`
 * together: small files, and those of which a filter leaves little, are read once and not twice. `undefined` for
 * others, of which then nothing has been counted.
 */
export async function holdFile(
  planned: PlannedSegment,
  context: ReadContext,
  maxBytes: number,
): Promise<Entry[] | undefined> {
  const fileBytes = planned.source.segment.bytes;
  const report = new ReportBuilder();
  const held: Entry[] = [];
  let heldBytes = 0;
  for await (const entries of readFile(planned, { ...context, report })) {
    for (const entry of entries) {
      held.push(entry);
      heldBytes += entry.line.length;
    }
    if (isHopeless({ heldBytes, maxBytes, readShare: report.bytesRead / fileBytes })) return undefined;
  }
  context.report.absorb(report);
  return held.sort(compareRanks);
}

/** Whether too much is held already, or will be if the rest of the file is like what was read; then time is saved. */
export function isHopeless({
  heldBytes,
  maxBytes,
  readShare,
}: {
  heldBytes: number;
  maxBytes: number;
  readShare: number;
}): boolean {
  if (heldBytes > maxBytes) return true;
  const expectedBytes = heldBytes / Math.min(1, readShare);
  return heldBytes > maxBytes / 20 && expectedBytes > 2 * maxBytes;
}
