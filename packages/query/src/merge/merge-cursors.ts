import type { Bounds } from "../bounds.js";
import type { Entry } from "../read/match.js";
import { BinaryHeap } from "./binary-heap.js";
import type { Cursor } from "./cursor.js";
import { CursorPool } from "./cursor-pool.js";
import type { Rank } from "./order.js";

/**
 * Merges cursors, each in order by `compare`, into one sequence in that order, in arrays. A cursor is opened when its
 * bound comes up, not before. Descriptors are given back whenever the sequence ends, by whatever side.
 */
export async function* mergeCursors(
  cursors: readonly Cursor[],
  compare: (a: Rank, b: Rank) => number,
  { bounds, signal }: { readonly bounds: Bounds; readonly signal?: AbortSignal | undefined },
): AsyncGenerator<Entry[], void> {
  const heap = new BinaryHeap<Cursor>((a, b) => compare(a.rank, b.rank));
  const pool = new CursorPool(bounds);
  for (const cursor of cursors) heap.push(cursor);
  let batch: Entry[] = [];
  try {
    for (let top = heap.top; top; top = heap.top) {
      if (top.isLoaded) {
        batch.push(top.take());
        if (batch.length >= bounds.batchRecords) {
          yield batch;
          batch = [];
        }
      } else {
        signal?.throwIfAborted();
        await pool.load(top);
        if (top.isEnded) {
          heap.pop();
          continue;
        }
      }
      heap.topChanged();
    }
    if (batch.length > 0) yield batch;
  } finally {
    await pool.close();
  }
}
