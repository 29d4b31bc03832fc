/** A stretch of whole lines of a file, `[startOffset, endOffset)`. Times are in milliseconds, both ends included. */
export interface Block {
  readonly startOffset: number;
  readonly endOffset: number;
  readonly earliestMs: number;
  readonly latestMs: number;
  /** Whether no record in it is earlier than one before it. */
  readonly isSorted: boolean;
}

/** Neighbouring blocks of which each begins later than the one before ends: sorted one by one they are all sorted. */
export type BlockRun = readonly Block[];

/**
 * Splits a file into runs. A file in time order is one run. A block that reaches back before the end of its
 * predecessor joins it if that gives at most `maxBlockBytes`, else it begins a new run.
 *
 * Runs are merged like files of their own, so that memory holds only the blocks that overlap one instant.
 */
export function planBlockRuns(blocks: readonly Block[], maxBlockBytes: number): BlockRun[] {
  const runs: Block[][] = [];
  for (const block of blocks) {
    const run = runs.at(-1);
    const last = run?.at(-1);
    if (!run || !last) {
      runs.push([block]);
    } else if (last.latestMs < block.earliestMs) {
      run.push(block);
    } else {
      const joined = join(last, block);
      const before = run.at(-2);
      const fits = joined.endOffset - joined.startOffset <= maxBlockBytes;
      if (fits && (!before || before.latestMs < joined.earliestMs)) run[run.length - 1] = joined;
      else runs.push([block]);
    }
  }
  return runs;
}

function join(a: Block, b: Block): Block {
  return {
    startOffset: a.startOffset,
    endOffset: b.endOffset,
    earliestMs: Math.min(a.earliestMs, b.earliestMs),
    latestMs: Math.max(a.latestMs, b.latestMs),
    isSorted: a.isSorted && b.isSorted && a.latestMs <= b.earliestMs,
  };
}
