import type { BuiltinEventMap, EventInput } from "@prodigy-events/schema";
import type { LoggerStats, WriterStats } from "./stats.js";

/** What one call of `log()` adds to its record. */
export interface LogOptions {
  /** Goes before every other source of a correlation id. */
  readonly correlationId?: string | undefined;
  /** Further metadata; the keys `host`, `pid`, `thread`, `producer_id` and `sequence` are ignored and counted. */
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
}

/** What a child puts into each of its records besides its fields. */
export interface ChildOptions {
  readonly correlationId?: string | undefined;
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
}

export interface FlushOptions {
  /** Try again after failures for so long; without it, the first failed attempt rejects. */
  readonly timeoutMs?: number | undefined;
}

export interface ShutdownOptions {
  /** Longest time to go on trying, in milliseconds. Default: 9,000. */
  readonly timeoutMs?: number | undefined;
}

/** What became of the events: logged = written + dropped + unwritten, for the required writer furthest behind. */
export interface ShutdownReport {
  readonly written: number;
  readonly dropped: number;
  readonly unwritten: number;
  readonly writers: Readonly<Record<string, WriterStats>>;
}

/**
 * Logs events of the types in `M`; the fields named in `Bound` are filled in by the logger and may be left out.
 *
 * A child shares everything with the logger it came from; only that root can be shut down.
 */
export interface ChildLogger<M = BuiltinEventMap, Bound extends string = "job_id"> {
  /**
   * Accepts an event: it is bound, checked, encoded and queued before this returns, so that later changes to the
   * object change nothing. Never throws and never waits; problems surface through `onError`, `stats()` and
   * `flush()`. Returns the record's id, or `null` when the event was dropped (and counted).
   */
  log(event: EventInput<M, Bound>, options?: LogOptions): string | null;
  /** A logger whose events get `fields` where they lack them. Values are taken as they are now. */
  child<Fields extends object>(
    fields: Fields,
    options?: ChildOptions,
  ): ChildLogger<M, Bound | (keyof Fields & string)>;
  /** Runs `callback`; what is logged in it, by root and children, however deep and late, gets this correlation id. */
  withCorrelation<Result>(correlationId: string, callback: () => Result): Result;
  /**
   * Resolves when everything logged before is written as safely as the required writers promise. Without `timeoutMs`
   * it waits for each of them until an attempt succeeds or fails, however long that takes. Where no writer is required,
   * it waits for all, for at most 9 s, and never rejects.
   *
   * @throws FlushError with `code` and `unwritten`; the events stay queued and are tried again
   */
  flush(options?: FlushOptions): Promise<void>;
  /**
   * Writes what is not written yet before it returns, into a place of its own. For the last moment of a process:
   * it blocks.
   *
   * @throws FlushError when a required writer could not
   */
  flushSync(): void;
  /**
   * Resolves as soon as the queue has room to spare, and after each batch not before the event loop has been around, so
   * that a loop of `await ready()` and `log()` holds up neither the writers nor anybody else. Never rejects.
   */
  ready(): Promise<void>;
  /** Whether the queue has room to spare. */
  readonly canAccept: boolean;
  stats(): LoggerStats;
  /** The environment for a child process that logs into the same run, by `createEventLogger()`. */
  childEnv(): Record<string, string>;
  readonly producerId: string;
  /** The correlation id that an event logged here and now would get. */
  readonly correlationId: string;
  /** The job's directory in the store (absolute). */
  readonly directory: string;
}

/** A root logger: one producer, one job of one repository. */
export interface EventLogger<M = BuiltinEventMap, Bound extends string = "job_id">
  extends ChildLogger<M, Bound>,
    AsyncDisposable {
  /**
   * Writes what is queued, trying again until the time is up, and closes the writers. Never rejects; the report is
   * exact. Afterwards `log()` returns `null`. Further calls return the same report.
   */
  shutdown(options?: ShutdownOptions): Promise<ShutdownReport>;
}
