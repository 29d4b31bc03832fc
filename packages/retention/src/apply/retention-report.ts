import { type Amount, addAmounts, isSameAmount, noAmount } from "../plan/amount.js";
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
  /** What it held, what stayed of it as counted anew in what was written, and what went; nothing unless `done`. */
  before: Amount;
  kept: Amount;
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
  /**
   * Whether lines and bytes of what was worked on add up: before = kept + archived + deleted. They are compared for
   * each segment before anything of it is removed, so this is false only if that check itself is broken.
   */
  conserved: boolean;
  /** Of the actions that were carried out. What was removed is what was archived and what was deleted. */
  totals: {
    before: Amount;
    kept: Amount;
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
  const before = sumOf(done, "before");
  const kept = sumOf(done, "kept");
  const archived = sumOf(
    done.filter(({ archivePath }) => archivePath !== undefined),
    "removed",
  );
  const deleted = sumOf(
    done.filter(({ archivePath }) => archivePath === undefined),
    "removed",
  );
  const removed = addAmounts(archived, deleted);
  return {
    complete: done.length === outcomes.length,
    outcomes,
    warnings,
    conserved: isSameAmount(before, addAmounts(kept, removed)),
    totals: {
      before,
      kept,
      removed,
      archived,
      deleted,
      freedBytes: done.reduce((sum, { freedBytes }) => sum + freedBytes, 0),
      done: done.length,
      skipped: outcomes.filter(({ status }) => status === "skipped").length,
      failed: outcomes.filter(({ status }) => status === "failed").length,
    },
  };
}

function sumOf(outcomes: readonly SegmentOutcome[], part: "before" | "kept" | "removed"): Amount {
  return outcomes.map((outcome) => outcome[part]).reduce(addAmounts, noAmount);
}
