import type { Duration } from "../duration.js";

/** The class of an agent's failure. */
export type FailureReason =
  | "timeout"
  | "command_failed"
  | "commit_validation_failed"
  | "merge_conflict"
  | "worktree_error"
  | "unknown";

/** An agent begins to work on an item. */
export interface AgentStarted {
  job_id: string;
  agent_id: string;
  item_id: string;
  worktree: string;
  /** Which try of the item this is; the first is 1. */
  attempt: number;
}

/** An agent reports how far it is. */
export interface AgentProgress {
  job_id: string;
  agent_id: string;
  step: string;
  /** 0 to 100. */
  progress_pct: number;
}

/** An agent finished its item. */
export interface AgentCompleted {
  job_id: string;
  agent_id: string;
  duration: Duration;
  commits: readonly string[];
  json_log_location?: string;
  item_id?: string;
  /** `success`, `skipped`, or `failed: ` and why. */
  cleanup_status?: string;
}

/** An attempt of an agent failed. */
export interface AgentFailed {
  job_id: string;
  agent_id: string;
  error: string;
  retry_eligible: boolean;
  item_id?: string;
  failure_reason?: FailureReason;
  exit_code?: number;
  json_log_location?: string;
}

/** An item will be tried again after a wait. */
export interface AgentRetrying {
  job_id: string;
  agent_id: string;
  attempt: number;
  backoff_ms: number;
  item_id?: string;
}

export interface AgentEventMap {
  agent_started: AgentStarted;
  agent_progress: AgentProgress;
  agent_completed: AgentCompleted;
  agent_failed: AgentFailed;
  agent_retrying: AgentRetrying;
}
