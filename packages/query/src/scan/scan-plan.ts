import type { QueryPlan } from "../plan/query-plan.js";
import { type ChainCopies, copiesOfChain } from "../read/copy-filter.js";
import type { ReadContext } from "../read/read-context.js";
import { copiesOfFile } from "../read/shared-copies.js";
import { IndexCollector } from "./index-collector.js";
import { IndexScans } from "./index-scans.js";
import { PartQueue } from "./part-queue.js";
import { PlanIndexes } from "./plan-indexes.js";
import { RowReader } from "./row-reader.js";
import type { Scan } from "./scan.js";
import { segmentsInOrder } from "./scan-part.js";
import { sealedSegments } from "./sealed-segments.js";
import { type PlanTarget, SegmentScan } from "./segment-scan.js";

/**
 * Scans everything, chain by chain and file by file; the target has what is wanted. Pauses after every block, so that the
 * caller can look how far it has come, and stop.
 *
 * What an index covers is answered by it. Where the file system is the real one, parts of the segments are scanned in any
 * order by as many threads as pay for themselves. What they find is put together here in the order of the plan; a part that
 * does not fit to the one before it, or is not sound, is read here, with everything known that came before: so the answer is
 * that of reading all in turn.
 */
export async function* scanPlan(
  plan: QueryPlan,
  scan: Scan & { readonly target: PlanTarget },
  context: ReadContext,
): AsyncGenerator<void, void> {
  const indexes = await PlanIndexes.of(plan, scan.target, context);
  const segments = [...segmentsInOrder(plan)];
  const indexScans = new IndexScans(segments, indexes, scan, context);
  const sealed = await sealedSegments(segments, indexes, context);
  const parts = PartQueue.for(plan, scan, context, indexes, sealed);
  try {
    let copies: ChainCopies | undefined;
    let reader: RowReader | undefined;
    for (const [at, { planned, producerId, isFirst }] of segments.entries()) {
      if (!reader || isFirst) {
        copies = producerId === undefined ? undefined : copiesOfChain(planned.source, "forward", context);
        reader = new RowReader(scan, context, copies ?? copiesOfFile(planned));
      }
      const indexScan = await indexScans.next(at);
      if (indexScan) yield* indexScan.read(reader);
      const start = indexScan?.endOffset ?? 0;
      if (indexScan && indexes.covered(planned)?.isAll) continue;
      const collector = indexes.wantsIndex(planned) ? new IndexCollector(planned, start) : undefined;
      yield* new SegmentScan(planned, scan.target, reader, copies, context, collector).read(parts, start);
      await collector?.finish(context);
    }
  } finally {
    parts?.close();
    await indexScans.close();
    await indexes.close();
  }
}
