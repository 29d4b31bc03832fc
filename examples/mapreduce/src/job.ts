import { basename, dirname, join } from "node:path";

/** What a job is to do, and with which limits. Kept in the checkpoint, so that a resume needs nothing else. */
export interface JobOptions {
  readonly jobId: string;
  /** The git repository whose files are worked on. */
  readonly repository: string;
  /** Agents that work at the same time. */
  readonly parallel: number;
  /** Attempts an item gets before it goes to the dead letter queue. */
  readonly maxAttempts: number;
  /** An agent that takes longer is killed. */
  readonly timeoutMs: number;
  /** The wait before the second attempt; it doubles with each further one. */
  readonly backoffMs: number;
  /** The job fails as a whole when more items than this end in the dead letter queue. */
  readonly maxDeadLetters: number;
  /** Above this much memory of the orchestrator, in MB (10^6 bytes), `memory_pressure` is logged. */
  readonly memoryLimitMb: number;
}

/** The limits of a job that sets none. */
export const defaultLimits = {
  parallel: 4,
  maxAttempts: 3,
  timeoutMs: 60_000,
  backoffMs: 500,
  maxDeadLetters: 1000,
  memoryLimitMb: 512,
} as const;

/** Where a job keeps what it needs to be resumed: beside the repository, not in it, so that git never sees it. */
export function jobFolder(repository: string, jobId: string): string {
  return join(dirname(repository), `${basename(repository)}.jobs`, jobId);
}

/**
 * One correlation id per item, under that of the whole run: `--correlation-id workflow-1a2b/src/cart.ts`
 * gives one item's way through all its attempts, agents and processes, and a search for `workflow-1a2b`
 * everything that belongs to the run, resumes and reprocessing included.
 */
export function itemCorrelationId(runId: string, item: string): string {
  return `${runId}/${item}`;
}

/** No wait is longer, however often an item has failed. */
const maxBackoffMs = 60_000;

/** The wait after the failed attempt number `attempt` (1, 2, …), in milliseconds. */
export function backoffAfter(attempt: number, backoffMs: number): number {
  return Math.min(backoffMs * 2 ** (attempt - 1), maxBackoffMs);
}
