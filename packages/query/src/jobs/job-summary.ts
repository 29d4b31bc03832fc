import type { Duration } from "@prodigy-events/schema";

/**
 * `running`, `completed`, `failed` and `paused` are what the job's last lifecycle event says; `stale` is a job that
 * says it runs and that no live producer writes to.
 */
export type JobState = "running" | "completed" | "failed" | "paused" | "stale";

/** One job at a glance. Times are RFC 3339, sizes bytes. */
export interface JobSummary {
  readonly jobId: string;
  /** The repository in whose store it is; `undefined` for a job known from other files only. */
  readonly repo: string | undefined;
  readonly state: JobState;
  readonly startedAt: string | undefined;
  readonly endedAt: string | undefined;
  /** As the job stated it, else from its start to its end; `undefined` until it has ended. */
  readonly duration: Duration | undefined;
  readonly totalItems: number | undefined;
  /** Distinct agents. */
  readonly agents: number;
  /** Items whose last attempt completed. */
  readonly itemsCompleted: number;
  /** Items whose last attempt failed, those in the dead letter queue included. */
  readonly itemsFailed: number;
  /** Items added to the dead letter queue and not removed again. */
  readonly itemsDlq: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** On disk in its directory; in other files, the bytes of its lines. */
  readonly bytes: number;
  readonly segments: number;
  readonly records: number;
  readonly lastEventAt: string | undefined;
}
