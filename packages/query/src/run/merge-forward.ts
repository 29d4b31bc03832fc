import { mergeCursors } from "../merge/merge-cursors.js";
import { compareRanks } from "../merge/order.js";
import type { QueryPlan } from "../plan/query-plan.js";
import type { Entry } from "../read/match.js";
import type { ReadContext } from "../read/read-context.js";
import { scanFile } from "../read/scan-file.js";
import { LineSpool } from "../source/line-spool.js";
import { holdFile } from "./hold-file.js";
import { chainCursors, fileCursors, heldCursor } from "./open-cursors.js";

/** Everything that is wanted, in time order. */
export async function* mergeForward(plan: QueryPlan, context: ReadContext): AsyncGenerator<Entry[], void> {
  const lineSpool = new LineSpool(context.fs);
  const spools: { close(): Promise<void> }[] = [lineSpool];
  try {
    const cursors = await chainCursors(plan.chains, { direction: "forward" }, context);
    let heldBytes = 0;
    for (const file of plan.files) {
      const held = await holdFile(file, context, context.bounds.maxHeldFileBytes - heldBytes);
      if (held) {
        for (const { line } of held) heldBytes += line.length;
        cursors.push(heldCursor(held, "forward"));
      } else {
        const scanned = await scanFile(file, context);
        if (scanned.spool) spools.push(scanned.spool);
        cursors.push(...fileCursors(scanned, lineSpool, context));
      }
    }
    yield* mergeCursors(cursors, compareRanks, context);
  } finally {
    for (const spool of spools) await spool.close();
  }
}
