import { describeFileError } from "@prodigy-events/storage";

export interface WriteErrorDetails {
  readonly code: string;
  readonly retryable: boolean;
  readonly path?: string | undefined;
  readonly cause?: unknown;
}

/**
 * A batch was not kept. `code` is the system's (`ENOSPC`, `EIO` …) or one of `WRITER_CLOSED`, `NOT_OPEN`,
 * `NO_PROGRESS`, `SEGMENT_GONE`, `SEGMENT_DISTURBED`, `EXIT_BUDGET`, `NOT_A_REGULAR_FILE`, `STREAM_FAILED`; `retryable`
 * says whether sending the same batch again can succeed.
 */
export class WriteError extends Error {
  override readonly name = "WriteError";
  readonly code: string;
  readonly retryable: boolean;
  /** The file or directory concerned, where there is one. */
  readonly path: string | undefined;

  constructor(message: string, details: WriteErrorDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = details.code;
    this.retryable = details.retryable;
    this.path = details.path;
  }
}

/**
 * Wraps whatever a file operation threw, with the advice of the storage package. Always retryable: space can be
 * freed, a mount or a mode repaired, a directory put back.
 */
export function toWriteError(error: unknown, action: string, path: string): WriteError {
  if (error instanceof WriteError) return error;
  const described = describeFileError(error, action, path);
  return new WriteError(described.message, {
    code: described.code,
    retryable: true,
    path,
    cause: error,
  });
}

export function notOpenError(writer: string): WriteError {
  const message = `the ${writer} writer is not open; await open() before the first batch`;
  return new WriteError(message, { code: "NOT_OPEN", retryable: true });
}

export function closedError(writer: string): WriteError {
  const message = `the ${writer} writer is closed; make a new one`;
  return new WriteError(message, { code: "WRITER_CLOSED", retryable: false });
}
