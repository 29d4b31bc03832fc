import type { Duration } from "../duration.js";

/** A job begins. */
export interface JobStarted {
  job_id: string;
  /** The configuration that the job runs with. Spread a value whose type is an interface: `{ ...config }`. */
  config: Record<string, unknown>;
  total_items: number;
  /** RFC 3339. */
  timestamp?: string;
}

/** A job ran to its end; single items may have failed. */
export interface JobCompleted {
  job_id: string;
  duration: Duration;
  success_count: number;
  failure_count: number;
}

/** A job ended before its end. */
export interface JobFailed {
  job_id: string;
  error: string;
  /** Results that exist although the job failed. */
  partial_results: number;
}

/** A job was interrupted after it saved a checkpoint to go on from. */
export interface JobPaused {
  job_id: string;
  checkpoint_version: number;
}

/** A paused job goes on from its checkpoint. */
export interface JobResumed {
  job_id: string;
  checkpoint_version: number;
  pending_items: number;
}

export interface JobEventMap {
  job_started: JobStarted;
  job_completed: JobCompleted;
  job_failed: JobFailed;
  job_paused: JobPaused;
  job_resumed: JobResumed;
}
