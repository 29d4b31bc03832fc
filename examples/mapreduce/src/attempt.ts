import { durationFromMs } from "@prodigy-events/schema";
import { type Outcome, runAgent } from "./agent-process.js";
import type { ItemLogger } from "./loggers.js";
import { reportPath } from "./work.js";
import { MergeConflict, type Worktrees } from "./worktree.js";

export interface Attempt {
  readonly agentId: string;
  readonly item: string;
  /** 1 for the first try of the item. */
  readonly number: number;
  readonly timeoutMs: number;
  readonly jsonLog: string;
}

/**
 * One attempt of an agent at its item: worktree, process, merge, clean-up. Throws nothing: every failure is
 * an outcome. It logs the success, since it knows when the merge made it one; the caller logs a failure,
 * since it knows whether there will be a retry.
 */
export async function runAttempt(attempt: Attempt, worktrees: Worktrees, log: ItemLogger): Promise<Outcome> {
  const startedAtMs = performance.now();
  const name = `${attempt.agentId}.${attempt.number}`;
  const result = await workAndMerge(attempt, name, worktrees, log);
  const cleanupStatus = await cleanUp(name, worktrees, log);
  if (!result.ok) return result;
  log.log({
    event_type: "agent_completed",
    duration: durationFromMs(performance.now() - startedAtMs),
    commits: result.commits,
    json_log_location: attempt.jsonLog,
    cleanup_status: cleanupStatus,
  });
  return result;
}

async function workAndMerge(attempt: Attempt, name: string, worktrees: Worktrees, log: ItemLogger) {
  const { item } = attempt;
  try {
    const worktree = await worktrees.create(name);
    log.log({ event_type: "worktree_created", worktree_name: name, branch: worktrees.branchOf(name) });

    const outcome = await runAgent({ ...attempt, worktree, env: log.childEnv() });
    if (!outcome.ok) return outcome;
    // An agent's word is not enough: done is what is committed.
    if (!(await worktrees.holds(name, reportPath(item)))) {
      const error = `${reportPath(item)} is not in the agent's commits`;
      return { ok: false, reason: "commit_validation_failed", error } as const;
    }

    const commits = await worktrees.merge(name);
    log.log({ event_type: "worktree_merged", target_branch: worktrees.targetBranch });
    return { ok: true, commits } as const;
  } catch (error) {
    const reason = error instanceof MergeConflict ? "merge_conflict" : "worktree_error";
    return { ok: false, reason, error: (error as Error).message } as const;
  }
}

/** A worktree that stays behind costs disk space and nothing else: it is reported, and the work goes on. */
async function cleanUp(name: string, worktrees: Worktrees, log: ItemLogger): Promise<string> {
  try {
    await worktrees.remove(name);
    log.log({ event_type: "worktree_cleaned", worktree_name: name });
    return "success";
  } catch (error) {
    return `failed: ${(error as Error).message}`;
  }
}
