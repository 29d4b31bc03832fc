/** An option of `createEventLogger` that cannot be used. The message names it, its value, and what fits. */
export class LoggerOptionsError extends Error {
  override readonly name = "LoggerOptionsError";
  readonly code = "BAD_OPTION";
  /** The option's name. */
  readonly option: string;

  constructor(option: string, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.option = option;
  }
}

/** What a {@link FlushError} says besides its message. */
export interface FlushErrorDetails {
  /** The system's or the writer's code (`ENOSPC`, `EIO` …), `TIMEOUT`, `EVENTS_LOST`, or `CLOSED`. */
  readonly code: string;
  /** Events that are not written yet; they stay in the queue and are tried again. */
  readonly unwritten: number;
  /** Events accepted earlier that will never be written by this writer. */
  readonly lost?: number;
  /** The writer concerned. */
  readonly writer?: string | undefined;
  readonly cause?: unknown;
}

/** Not everything that was logged before a `flush()` is written. */
export class FlushError extends Error {
  override readonly name = "FlushError";
  readonly code: string;
  readonly unwritten: number;
  readonly lost: number;
  readonly writer: string | undefined;

  constructor(message: string, { code, unwritten, lost = 0, writer, cause }: FlushErrorDetails) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.unwritten = unwritten;
    this.lost = lost;
    this.writer = writer;
  }
}
