import { Cursor } from "../merge/cursor.js";
import { rankBefore } from "../merge/order.js";
import type { PlannedChain } from "../plan/query-plan.js";
import { BlockSource } from "../read/block-source.js";
import { type ChainRange, ChainSource } from "../read/chain-source.js";
import type { Entry } from "../read/match.js";
import type { ReadContext } from "../read/read-context.js";
import type { ScannedFile } from "../read/scan-file.js";
import { copiesOfFile } from "../read/shared-copies.js";
import type { Direction } from "../read/time-order.js";
import type { LineSpool } from "../source/line-spool.js";
import { chainBound, unknownBound } from "./first-instant.js";

/** How many chains' first records are looked up at a time: more than the thread pool has threads gains nothing. */
const lookUpsAtOnce = 8;
const heldAtATime = 50;

/** A cursor for each chain. Of many chains the first record is looked up, so that they are opened one after the other. */
export async function chainCursors(
  chains: readonly PlannedChain[],
  range: ChainRange,
  context: ReadContext,
): Promise<Cursor[]> {
  const cursorFor = (chain: PlannedChain, bound = unknownBound(range.direction)) =>
    new Cursor(new ChainSource(chain, range, context), bound);
  if (chains.length <= context.bounds.maxChainsOpenedAtOnce) return chains.map((chain) => cursorFor(chain));

  const cursors: Cursor[] = [];
  for (let at = 0; at < chains.length; at += lookUpsAtOnce) {
    context.signal?.throwIfAborted();
    const group = chains.slice(at, at + lookUpsAtOnce);
    const bounds = await Promise.all(group.map((chain) => chainBound(chain, range.direction, context)));
    cursors.push(...group.map((chain, index) => cursorFor(chain, bounds[index])));
  }
  return cursors;
}

/** A cursor for each run of a file; `spool` takes what does not fit into memory. */
export function fileCursors(
  { planned, runs }: ScannedFile,
  spool: LineSpool,
  context: ReadContext,
): Cursor[] {
  const copies = copiesOfFile(planned);
  return runs.map((run) => {
    const bound = rankBefore({ ms: run[0]?.earliestMs ?? Number.NEGATIVE_INFINITY, nanos: 0 });
    return new Cursor(new BlockSource(planned, run, spool, context, copies), bound);
  });
}

/**
 * A cursor over entries in memory, which are in order for the direction. It gives few at a time, because what it gives
 * counts towards what the merge may hold.
 */
export function heldCursor(entries: readonly Entry[], direction: Direction): Cursor {
  let at = 0;
  const next = async () => {
    if (at >= entries.length) return undefined;
    at += heldAtATime;
    return entries.slice(at - heldAtATime, at);
  };
  return new Cursor({ next, release: async () => {} }, unknownBound(direction));
}
