import { AsyncLocalStorage } from "node:async_hooks";
import { severityOf, validateEvent } from "@prodigy-events/schema";
import { childEnvironment } from "./child-environment.js";
import { FlushError } from "./errors.js";
import type { FlushOptions, LogOptions, ShutdownOptions, ShutdownReport } from "./event-logger.js";
import { type ExitParticipant, leaveExitHooks } from "./lifecycle/exit-hooks.js";
import { flushLanes, saveLanesSync } from "./lifecycle/flush-lanes.js";
import type { Readiness } from "./lifecycle/readiness.js";
import { shutDownLanes, shutdownReport } from "./lifecycle/shut-down-lanes.js";
import { limits } from "./limits.js";
import type { LoggerSettings } from "./options/normalize-options.js";
import type { ProblemReporter } from "./problems.js";
import type { EventQueue } from "./queue/event-queue.js";
import type { WriterLane } from "./queue/writer-lane.js";
import type { EncodedRecord, RecordEncoder } from "./record/record-encoder.js";
import type { Scope, ScopeFactory } from "./record/scope.js";
import type { Redactor } from "./redact/redactor.js";
import { decisiveLanes, furthestBehind, type LoggerStats, lanesStats } from "./stats.js";

/** The parts of a logger, put together by `createEventLogger`. */
export interface LoggerParts {
  readonly settings: LoggerSettings;
  readonly producerId: string;
  readonly encoder: RecordEncoder;
  readonly scopes: ScopeFactory;
  readonly redactor: Redactor | undefined;
  readonly queue: EventQueue;
  readonly lanes: readonly WriterLane[];
  readonly problems: ProblemReporter;
  readonly readiness: Readiness;
}

const immediately = Promise.resolve();

/** Resolves once the event loop has been around. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** What a root logger and all its children share: from accepting events to the end of the writers. */
export class LoggerCore implements ExitParticipant {
  readonly parts: LoggerParts;
  readonly #correlation = new AsyncLocalStorage<string>();
  readonly #decisive: readonly WriterLane[];
  #state: "open" | "closing" | "closed" = "open";
  #shutdown: Promise<ShutdownReport> | undefined;
  #invalid = 0;
  #rejected = 0;
  #foreignJob = 0;
  #failed = 0;
  #afterShutdown = 0;
  /** Batches that were sealed when a caller of `ready` last waited for a turn of the event loop. */
  #sealedAtTurn = 0;

  constructor(parts: LoggerParts) {
    this.parts = parts;
    this.#decisive = decisiveLanes(parts.lanes);
  }

  log(event: unknown, scope: Scope, options: LogOptions | undefined): string | null {
    if (this.#state !== "open") {
      this.#afterShutdown += 1;
      return null;
    }
    const { encoder, queue } = this.parts;
    let id: string | null = null;
    try {
      const correlationId = this.correlationIdIn(scope, options?.correlationId);
      const record = encoder.encode(event, scope, correlationId, options?.metadata);
      if (queue.add(record)) id = record.id;
      this.#examine(record);
    } catch (cause) {
      // Memory that ran out, a clock or catalog of somebody else's that throws: never the job's problem.
      this.#noteFailure(cause, id);
    }
    return id;
  }

  /** First that is set: the call's, the surrounding `withCorrelation`'s, the child's, the logger's. */
  correlationIdIn(scope: Scope, ofCall?: string): string {
    const given: unknown = ofCall ?? this.#correlation.getStore() ?? scope.correlationId;
    return typeof given === "string" ? given : this.parts.settings.correlationId;
  }

  withCorrelation<Result>(correlationId: string, callback: () => Result): Result {
    return this.#correlation.run(correlationId, callback);
  }

  childEnv(scope: Scope): Record<string, string> {
    const { repo, jobId, root } = this.parts.settings;
    return childEnvironment({ correlationId: this.correlationIdIn(scope), repo, jobId, root });
  }

  get canAccept(): boolean {
    return (
      this.#state === "open" && this.#decisive.every(({ backlog }) => backlog.isBelow(limits.pressureShare))
    );
  }

  ready(): Promise<void> {
    const { queue, readiness } = this.parts;
    if (this.#state !== "open") return immediately;
    if (!this.canAccept) {
      queue.want();
      return readiness.wait();
    }
    if (queue.sealed === this.#sealedAtTurn) return immediately;
    // Whoever logs on and on would keep the writers from learning that they are done, and everybody else waiting.
    this.#sealedAtTurn = queue.sealed;
    return nextTurn();
  }

  /** Called when events were settled. */
  announceRoom(): void {
    if (this.canAccept) this.parts.readiness.announce();
  }

  async flush({ timeoutMs }: FlushOptions = {}): Promise<void> {
    if (this.#state === "closed") return this.#requireNothingUnwritten();
    this.parts.queue.want();
    // Nobody depends on optional writers: where there is no other, they are given time, but not for ever.
    const isRequired = this.#decisive.some((lane) => lane.isRequired);
    await flushLanes(this.#decisive, timeoutMs ?? (isRequired ? undefined : limits.defaultShutdownTimeoutMs));
  }

  flushSync(): void {
    this.parts.queue.seal();
    const failures = saveLanesSync(this.parts.lanes);
    const decisive = failures.find(({ lane }) => lane.isRequired);
    if (decisive !== undefined) throw decisive.error;
  }

  saveAtExit(): void {
    const { queue, lanes, problems } = this.parts;
    queue.seal();
    for (const { lane, error } of saveLanesSync(lanes)) {
      const message = `at the end of the process, with the ${lane.name} writer: ${error.message}`;
      problems.report("EVENTS_LOST_AT_EXIT", message, { severity: "error", writer: lane.name, cause: error });
    }
  }

  shutdown({ timeoutMs = limits.defaultShutdownTimeoutMs }: ShutdownOptions = {}): Promise<ShutdownReport> {
    this.#shutdown ??= this.#end(timeoutMs);
    return this.#shutdown;
  }

  stats(): LoggerStats {
    const { encoder, lanes, scopes, redactor } = this.parts;
    const behind = furthestBehind(lanes);
    const writers = lanesStats(lanes);
    const own = behind && writers[behind.name];
    const lastError = this.#decisive.map(({ name }) => writers[name]?.lastError).find(Boolean);
    return {
      logged: encoder.count,
      written: own?.written ?? 0,
      synced: own?.synced ?? 0,
      queued: own?.queued ?? 0,
      queuedBytes: own?.queuedBytes ?? 0,
      dropped: { ...own?.dropped, ...this.#unqueued() },
      invalid: this.#invalid,
      rejected: this.#rejected,
      foreignJob: this.#foreignJob,
      reservedMetadata: scopes.reservedKeys,
      unencodableValues: scopes.unencodableValues,
      redactions: redactor?.count ?? 0,
      retries: lanes.reduce((sum, { retries }) => sum + retries, 0),
      degraded: this.#decisive.some(({ isDegraded }) => isDegraded),
      lastError,
      writers,
    };
  }

  /** Events that never came to a queue, by reason. */
  #unqueued(): Record<string, number> {
    return {
      ...(this.#failed > 0 ? { failed: this.#failed } : {}),
      ...(this.#afterShutdown > 0 ? { closed: this.#afterShutdown } : {}),
    };
  }

  /** Looks at what was queued: counts, reports, and hurries what must not wait. */
  #examine({ event, rejection, isRedacted }: EncodedRecord): void {
    const { settings, problems, queue } = this.parts;
    if (severityOf(event, settings.catalog) === "error") queue.want();
    if (rejection !== undefined) {
      this.#rejected += 1;
      const { eventType, reason, cause } = rejection;
      const message = `an event of type ${eventType ?? "unknown"} was not recorded: ${reason}`;
      problems.report("EVENT_REJECTED", message, { severity: "error", eventType, cause });
      return;
    }
    if (settings.jobId !== undefined && event.job_id !== settings.jobId) this.#foreignJob += 1;
    const found = validateEvent(event, settings.validation, settings.catalog);
    if (found.length === 0) return;
    // What was received may be a secret, or the beginning of one.
    const issues = isRedacted ? found.map((issue) => ({ ...issue, received: "a value" })) : found;
    this.#invalid += 1;
    const eventType = event.event_type;
    const list = issues.map(
      ({ path, expected, received }) => `${path}: expected ${expected}, received ${received}`,
    );
    const message = `an event of type ${eventType} does not fit its type and was recorded as given: ${list.join("; ")}`;
    problems.report("INVALID_EVENT", message, { severity: "warning", eventType, issues });
  }

  #noteFailure(cause: unknown, id: string | null): void {
    if (id === null) this.#failed += 1;
    const reason = cause instanceof Error ? cause.message : String(cause);
    const what =
      id === null ? "an event was not recorded" : `the event ${id} was recorded, but not looked at`;
    this.parts.problems.report("LOGGING_FAILED", `${what}: ${reason}`, { severity: "error", cause });
  }

  #requireNothingUnwritten(): void {
    const behind = furthestBehind(this.parts.lanes);
    const unwritten = behind?.backlog.queuedEvents ?? 0;
    if (unwritten === 0) return;
    const message = `${unwritten} events were not written before the logger was shut down`;
    throw new FlushError(message, { code: "CLOSED", unwritten, writer: behind?.name });
  }

  async #end(timeoutMs: number): Promise<ShutdownReport> {
    const { queue, lanes, readiness } = this.parts;
    this.#state = "closing";
    queue.want();
    queue.close();
    await shutDownLanes(lanes, timeoutMs);
    this.#state = "closed";
    readiness.announce();
    // What could not be written in time is tried once more at the end of the process.
    if (lanes.every(({ backlog }) => backlog.queuedEvents === 0)) leaveExitHooks(this);
    return shutdownReport(lanes, this.#failed);
  }
}
