import type { BuiltinEventMap, Catalog, ValidationLevel } from "@prodigy-events/schema";
import type { Clock, FileSystem } from "@prodigy-events/storage";
import type { Durability, EventWriter } from "@prodigy-events/writer";
import type { ProblemHandler } from "../problems.js";
import type { RedactionOptions } from "../redact/redaction-options.js";

/** Options of `createEventLogger`. All have defaults. */
export interface EventLoggerOptions<M = BuiltinEventMap, Fields extends object = object> {
  /** The repository's name. Default: `$PRODIGY_REPO`, else that of the repository of `cwd`. */
  readonly repo?: string | undefined;
  /** The job. Default: `$PRODIGY_JOB_ID`, else none: events go to the directory `_no-job`. */
  readonly jobId?: string | undefined;
  /** The root of the store. Default: `$PRODIGY_HOME`, else `~/.prodigy`. */
  readonly store?: string | undefined;
  /** Where the repository is looked for. Default: the working directory. */
  readonly cwd?: string | undefined;
  /** Events in a batch. Default: 1,000. */
  readonly bufferSize?: number | undefined;
  /** Longest time an event waits for its batch to fill, in milliseconds. Default: 5,000. */
  readonly flushIntervalMs?: number | undefined;
  /** Events that may wait for a writer; further ones are dropped and counted. Default: 100,000. */
  readonly maxQueuedEvents?: number | undefined;
  /** Bytes that may wait for a writer. Default: 64 MiB. */
  readonly maxQueuedBytes?: number | undefined;
  /** Links the events of one run. Default: `$PRODIGY_CORRELATION_ID`, else a new UUID. */
  readonly correlationId?: string | undefined;
  /** Fields for every event that lacks them, besides `job_id`. */
  readonly fields?: Fields | undefined;
  /** Metadata for every record. */
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
  /** The types of events: types `log()`, checks what is logged, rates its severity. Default: the built-in ones. */
  readonly catalog?: Catalog<M> | undefined;
  /** How far events are checked. Default: `"shape"`. */
  readonly validation?: ValidationLevel | undefined;
  /**
   * Secrets in texts and under keys such as `password` are replaced before anything is queued; `false` turns that
   * off, an object says what else is a secret, and what is none. Default: on.
   */
  readonly redact?: boolean | RedactionOptions | undefined;
  /** Where the records go. Default: one segment writer, with the four options below. */
  readonly writers?: readonly EventWriter[] | undefined;
  /** Of the default writer: whether written means on the disk. Default: `"fsync"`. */
  readonly durability?: Durability | undefined;
  /** Of the default writer: the size from which segments are rotated. Default: 100,000,000. */
  readonly maxSegmentBytes?: number | undefined;
  /** Of the default writer: the age from which segments are rotated. Default: none. */
  readonly maxSegmentAgeMs?: number | undefined;
  /** Of the default writer: whether rotated segments are compressed. Default: true. */
  readonly compress?: boolean | undefined;
  /** Told of every problem. Default: one Node process warning for each kind. */
  readonly onError?: ProblemHandler | undefined;
  /**
   * Whether SIGTERM, SIGINT and SIGHUP save what is queued; the signal then takes its course. Default: false,
   * because it adds listeners to the process. The end of the process and uncaught exceptions always do.
   */
  readonly handleSignals?: boolean | undefined;
  /** Where defaults are looked for. Default: `process.env`. */
  readonly env?: NodeJS.ProcessEnv | undefined;
  readonly clock?: Clock | undefined;
  readonly fs?: FileSystem | undefined;
}
