import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { durationFromMs } from "@prodigy-events/schema";
import type { Failure } from "./agent-process.js";
import { runAttempt } from "./attempt.js";
import { type Checkpoint, type ItemState, saveCheckpoint } from "./checkpoint.js";
import { DeadLetterQueue, errorSignature } from "./dead-letter-queue.js";
import { startGauges } from "./gauges.js";
import { backoffAfter, itemCorrelationId } from "./job.js";
import type { ItemLogger, JobLogger } from "./loggers.js";
import { writeSummary } from "./reduce.js";
import { Slots } from "./slots.js";
import { Worktrees } from "./worktree.js";

export type JobEnd = "completed" | "paused";

/** A checkpoint is saved each time so many items are done, and when the job starts, pauses and ends. */
const itemsPerCheckpoint = 5;

/**
 * Runs one job: a map phase in which agents work on the items in parallel, each in its own process and
 * worktree, then a reduce phase over their reports. Every step is logged at the place where it happens.
 */
export class Orchestrator {
  readonly #state: Checkpoint;
  readonly #folder: string;
  readonly #log: JobLogger;
  readonly #say: (line: string) => void;
  readonly #worktrees: Worktrees;
  readonly #deadLetters: DeadLetterQueue;
  readonly #slots: Slots;
  /** Aborted with an error when the job is to fail, and with `"interrupted"` when it is to pause. */
  readonly #halt = new AbortController();
  #active = 0;
  #doneSinceCheckpoint = 0;

  constructor(state: Checkpoint, folder: string, log: JobLogger, say: (line: string) => void) {
    this.#state = state;
    this.#folder = folder;
    this.#log = log;
    this.#say = say;
    this.#worktrees = new Worktrees(state.job.repository, join(folder, "worktrees"), state.job.jobId);
    this.#deadLetters = new DeadLetterQueue(folder);
    this.#slots = new Slots(state.job.parallel);
  }

  /** Starts nothing new, lets the running agents finish, saves a checkpoint and pauses the job. */
  interrupt(): void {
    this.#halt.abort("interrupted");
  }

  /** Runs a new job from its beginning. */
  run(): Promise<JobEnd> {
    return this.#logFailure(async () => {
      const { items, job } = this.#state;
      this.#log.log({ event_type: "job_started", config: { ...job }, total_items: items.length });
      await this.#worktrees.open();
      this.#saveCheckpoint();
      return this.#mapAndReduce();
    });
  }

  /** Goes on with a job that was interrupted, or killed, from its last checkpoint. */
  resume(): Promise<JobEnd> {
    return this.#logFailure(async () => {
      this.#logResumed();
      await this.#worktrees.open();
      return this.#mapAndReduce();
    });
  }

  /** Gives items of the dead letter queue, all or those named, another round of attempts. */
  reprocess(items?: readonly string[]): Promise<JobEnd> {
    return this.#logFailure(async () => {
      const again = this.#state.items.filter(
        ({ item }) => this.#deadLetters.has(item) && (items === undefined || items.includes(item)),
      );
      for (const entry of again) {
        entry.status = "pending";
        entry.maxAttempts = entry.attempts + this.#state.job.maxAttempts;
      }
      this.#log.log({ event_type: "dlq_items_reprocessed", count: again.length });
      this.#logResumed();
      await this.#worktrees.open();
      await this.#worktrees.mergeHead();
      return this.#mapAndReduce();
    });
  }

  /** Drops the dead letters that are older than `olderThanMs`: nobody is going to look at them any more. */
  evict(olderThanMs: number): number {
    const count = this.#deadLetters.evict(Date.now() - olderThanMs);
    if (count > 0) this.#log.log({ event_type: "dlq_items_evicted", count });
    return count;
  }

  async #mapAndReduce(): Promise<JobEnd> {
    const stopGauges = startGauges(this.#log, () => this.#queueDepth(), this.#state.job.memoryLimitMb);
    await this.#map().finally(stopGauges);
    const { aborted, reason } = this.#halt.signal;
    if (!aborted) return this.#reduce();
    if (reason === "interrupted") return this.#pause();
    this.#saveCheckpoint();
    throw reason;
  }

  async #map(): Promise<void> {
    const pending = this.#state.items.filter((entry) => entry.status === "pending");
    this.#log.log({ event_type: "map_phase_started", total_items: pending.length });
    // An error halts the job but never leaves it: first every agent that still runs comes to its end.
    await Promise.all(pending.map((entry) => this.#process(entry).catch((error) => this.#halt.abort(error))));
    if (this.#halt.signal.aborted) return;

    const successful = pending.filter((entry) => entry.status === "completed").length;
    this.#log.log({ event_type: "map_phase_completed", successful, failed: pending.length - successful });
    const patterns = this.#deadLetters.patterns();
    if (patterns.length === 0) return;
    this.#log.log({ event_type: "dlq_analysis_generated", patterns: patterns.length });
    for (const { signature, items } of patterns) this.#say(`dead letters: ${items.length} × ${signature}`);
  }

  /** The way of one item: attempts with growing waits between them, until it is done or dead. */
  #process(entry: ItemState): Promise<void> {
    const { job, runId } = this.#state;
    // Bound fields go into every event of this child that lacks them; the correlation id into everything
    // that is logged inside the callback, in this process and, through childEnv(), in the agent's.
    const log = this.#log.child({ agent_id: entry.agentId, item_id: entry.item });
    return this.#log.withCorrelation(itemCorrelationId(runId, entry.item), async () => {
      while (await this.#slots.run(() => this.#attempt(entry, log))) {
        const backoffMs = backoffAfter(entry.attempts, job.backoffMs);
        log.log({ event_type: "agent_retrying", attempt: entry.attempts + 1, backoff_ms: backoffMs });
        // A pause does not wait for the backoff (the sleep is aborted): a resume starts with the next attempt.
        await sleep(backoffMs, undefined, { signal: this.#halt.signal }).catch(() => undefined);
      }
    });
  }

  /** The next attempt, unless the job is halted. True if there is to be another one. */
  async #attempt(entry: ItemState, log: ItemLogger): Promise<boolean> {
    if (this.#halt.signal.aborted) return false;
    const { agentId, item, maxAttempts } = entry;
    const { timeoutMs } = this.#state.job;
    const number = entry.attempts + 1;
    const jsonLog = join(this.#folder, "logs", `${agentId}.${number}.jsonl`);
    this.#active++;
    const outcome = await runAttempt({ agentId, item, number, timeoutMs, jsonLog }, this.#worktrees, log);
    this.#active--;
    entry.attempts = number;
    if (outcome.ok) {
      this.#complete(entry, log);
      return false;
    }

    const { error, reason, exitCode } = outcome;
    const retry = number < maxAttempts;
    log.log({
      event_type: "agent_failed",
      error,
      retry_eligible: retry,
      failure_reason: reason,
      ...(exitCode !== undefined && { exit_code: exitCode }),
      json_log_location: jsonLog,
    });
    this.#say(`✗ ${agentId} ${item}, attempt ${number} of ${maxAttempts}: ${reason}: ${error}`);
    if (!retry) this.#bury(entry, outcome, log);
    return retry;
  }

  #complete(entry: ItemState, log: ItemLogger): void {
    entry.status = "completed";
    if (this.#deadLetters.remove(entry.item)) log.log({ event_type: "dlq_item_removed" });
    this.#say(`✓ ${entry.agentId} ${entry.item}`);
    this.#itemDone();
  }

  #bury(entry: ItemState, { reason, error }: Failure, log: ItemLogger): void {
    entry.status = "dead";
    const signature = errorSignature(reason, error, entry.item);
    this.#deadLetters.add({
      itemId: entry.item,
      error,
      failureReason: reason,
      errorSignature: signature,
      failureCount: entry.attempts,
      lastFailedAtMs: Date.now(),
    });
    log.log({ event_type: "dlq_item_added", error_signature: signature, failure_count: entry.attempts });
    this.#say(`† ${entry.agentId} ${entry.item}: given up, in the dead letter queue`);

    const dead = this.#count("dead");
    const { maxDeadLetters } = this.#state.job;
    if (dead > maxDeadLetters) {
      this.#halt.abort(new Error(`${dead} items failed for good; the job accepts ${maxDeadLetters}`));
    }
    this.#itemDone();
  }

  #itemDone(): void {
    if (++this.#doneSinceCheckpoint >= itemsPerCheckpoint) this.#saveCheckpoint();
  }

  async #reduce(): Promise<JobEnd> {
    this.#log.log({ event_type: "reduce_phase_started" });
    const count = writeSummary(this.#worktrees.targetPath);
    await this.#worktrees.commitTarget(`summary of ${count} reports`);
    this.#log.log({ event_type: "reduce_phase_completed" });
    this.#saveCheckpoint();
    await this.#worktrees.close();
    this.#log.log({
      event_type: "job_completed",
      duration: durationFromMs(Date.now() - this.#state.startedAtMs),
      success_count: this.#count("completed"),
      failure_count: this.#count("dead"),
    });
    return "completed";
  }

  #pause(): JobEnd {
    // A pause is a promise that the job can be resumed: without its checkpoint it is a failure.
    if (!this.#saveCheckpoint())
      throw new Error("interrupted, but the checkpoint to resume from was not saved");
    this.#log.log({ event_type: "job_paused", checkpoint_version: this.#state.version });
    return "paused";
  }

  /** Saves the state. A failure is logged and survived: the work itself is in git, only a resume would repeat it. */
  #saveCheckpoint(): boolean {
    this.#doneSinceCheckpoint = 0;
    const version = ++this.#state.version;
    // It is the job's checkpoint, whichever item happened to be the one that made it due.
    const options = { correlationId: this.#state.runId };
    try {
      saveCheckpoint(this.#folder, this.#state);
      const agentsCompleted = this.#count("completed");
      this.#log.log(
        { event_type: "checkpoint_created", version, agents_completed: agentsCompleted },
        options,
      );
      return true;
    } catch (error) {
      this.#log.log({ event_type: "checkpoint_failed", error: (error as Error).message }, options);
      return false;
    }
  }

  #logResumed(): void {
    const { version } = this.#state;
    this.#log.log({ event_type: "checkpoint_loaded", version });
    this.#log.log({
      event_type: "job_resumed",
      checkpoint_version: version,
      pending_items: this.#count("pending"),
    });
  }

  async #logFailure(body: () => Promise<JobEnd>): Promise<JobEnd> {
    try {
      return await body();
    } catch (error) {
      const done = this.#count("completed");
      this.#log.log({ event_type: "job_failed", error: (error as Error).message, partial_results: done });
      throw error;
    }
  }

  #queueDepth(): { pending: number; active: number; completed: number } {
    const unfinished = this.#count("pending");
    return { pending: unfinished - this.#active, active: this.#active, completed: this.#count("completed") };
  }

  #count(status: ItemState["status"]): number {
    return this.#state.items.filter((entry) => entry.status === status).length;
  }
}
