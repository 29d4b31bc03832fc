import type { Clock, FileSystem } from "@prodigy-events/storage";
import type { Durability } from "./durability.js";
import type { EncodedBatch } from "./encoded-batch.js";

/** Something a writer survived, that a person may still want to know. Never a reason to stop. */
export interface WriterWarning {
  /** Stable, in capitals: `ROTATION_POSTPONED`, `SEGMENT_ABANDONED` … */
  readonly code: string;
  /** What happened, where, and what to do. */
  readonly message: string;
  readonly path?: string;
}

/** Where and for whom a writer writes. Given once, before the first batch. */
export interface WriterContext {
  /** The root of the store (absolute). */
  readonly root: string;
  /** The repository's name, as the user knows it. */
  readonly repo: string;
  /** The real path of the repository; when present, `.repo.json` is claimed for it. */
  readonly repoPath?: string;
  readonly jobId?: string;
  /** The job's directory in the store (absolute). It need not exist yet. */
  readonly directory: string;
  /** The producer whose records this writer is given. */
  readonly producerId: string;
  readonly fs: FileSystem;
  readonly clock: Clock;
  /** Must not throw. */
  onWarning(warning: WriterWarning): void;
}

/**
 * The seam between the logger and whatever keeps the records.
 *
 * The caller sends one batch at a time, in order of sequence numbers, and sends a rejected batch again until
 * it is confirmed. A writer owns its descriptor and knows at which byte an interrupted batch goes on.
 */
export interface EventWriter {
  /** Names the writer in statistics and problems. */
  readonly name: string;
  /** Whether `flush()` of the logger fails when this writer fails. Default: true. */
  readonly required?: boolean;
  /** What a confirmed batch survives, where the writer promises anything; for statistics. */
  readonly durability?: Durability;
  /** Prepares the target. May be called again after it rejected. */
  open?(context: WriterContext): Promise<void>;
  /**
   * Resolves when every record of the batch is kept as safely as this writer promises; rejects with a
   * {@link WriteError}. Idempotent: a batch whose sequence numbers were all confirmed resolves at once.
   */
  write(batch: EncodedBatch): Promise<void>;
  /**
   * The exit path: keeps every record of the batch before it returns, in a fresh place that no write in
   * flight can touch. Throws a {@link WriteError} when it cannot.
   */
  writeSync?(batch: EncodedBatch): void;
  /** Resolves when everything confirmed so far is kept as safely as this writer promises. */
  flush(): Promise<void>;
  /** Ends the writer and what it runs in the background. Idempotent. */
  close(): Promise<void>;
}
