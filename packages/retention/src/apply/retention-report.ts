import { type Amount, addAmounts, noAmount, subtractAmounts } from "../plan/amount.js";
import type { PlannedAction } from "../plan/retention-plan.js";

/** Why a planned action was not carried out although nothing failed. */
export type SkipReason =
  /** The file is not what it was when the plan was made; plan again. */
  | "changed"
  /** An earlier action failed, or the signal was aborted. */
  | "not-attempted";

/** What became of one planned action. */
export interface SegmentOutcome {
  path: string;
  action: PlannedAction;
  /**
   * `failed` may mean half way through the last steps: whatever should be kept is there all the same, and the next
   * clean goes on from there.
   */
  status: "done" | "skipped" | "failed";
  skipReason?: SkipReason;
  /** Why it failed: a stable code and one line for people. */
  error?: { code: string; message: string };
  /** What went; nothing unless `done`. */
  removed: Amount;
  /** The archive copy that was made, or found complete from an interrupted run. */
  archivePath?: string;
  /** Where what stayed, or what was appended at the last moment, is now, when not at `path`. */
  keptPath?: string;
  /** Bytes on disk that became free (negative when a rewritten file grew). */
  freedBytes: number;
}

/** What became of a plan. */
export interface RetentionReport {
  /** True when every action of the plan was carried out. */
  complete: boolean;
  /** One per segment whose action is not `keep`, in the order in which they were carried out: removals first. */
  outcomes: SegmentOutcome[];
  /** In words, what did not go as it should without anything being lost, such as a log that could not be written. */
  warnings: string[];
  /** Of the actions that were carried out. What was removed is what was archived and what was deleted. */
  totals: {
    removed: Amount;
    archived: Amount;
    deleted: Amount;
    freedBytes: number;
    done: number;
    skipped: number;
    failed: number;
  };
}

/** Sums up what became of the actions of a plan. */
export function reportOf(outcomes: SegmentOutcome[], warnings: string[]): RetentionReport {
  const done = outcomes.filter(({ status }) => status === "done");
  const removed = sumOf(done);
  const archived = sumOf(done.filter(({ archivePath }) => archivePath !== undefined));
  return {
    complete: done.length === outcomes.length,
    outcomes,
    warnings,
    totals: {
      removed,
      archived,
      deleted: subtractAmounts(removed, archived),
      freedBytes: done.reduce((sum, { freedBytes }) => sum + freedBytes, 0),
      done: done.length,
      skipped: outcomes.filter(({ status }) => status === "skipped").length,
      failed: outcomes.filter(({ status }) => status === "failed").length,
    },
  };
}

function sumOf(outcomes: readonly SegmentOutcome[]): Amount {
  return outcomes.map(({ removed }) => removed).reduce(addAmounts, noAmount);
}
