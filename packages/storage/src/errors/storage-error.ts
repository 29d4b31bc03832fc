/** What a {@link StorageError} carries besides its code and message. */
export interface StorageErrorDetails {
  path?: string | undefined;
  cause?: unknown;
}

/**
 * The error of this package. `message` says what was wrong, where, and what to do; `code` is stable and either
 * an errno name (`"ENOSPC"`) when the system refused, or one of {@link StorageErrorCode}.
 */
export class StorageError extends Error {
  override readonly name = "StorageError";
  readonly code: string;
  /** The file or directory concerned, where there is one. */
  readonly path: string | undefined;

  constructor(code: StorageErrorCode | (string & {}), message: string, details: StorageErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.path = details.path;
  }
}

/** The codes that are ours; every other code is the errno of a failed system call. */
export type StorageErrorCode =
  | "DIRECTORY_IS_LINK"
  | "INVALID_NAME"
  | "INVALID_ROOT"
  | "MANIFEST_DAMAGED"
  | "NAME_TOO_LONG"
  | "NOT_A_DIRECTORY"
  | "NOT_A_REGULAR_FILE"
  | "NOT_SEEKABLE"
  | "PRODUCER_EXISTS"
  | "PRODUCER_FILE_DAMAGED"
  | "SEGMENT_CHANGED"
  | "STATE_FILE_TOO_LARGE"
  | "UNKNOWN"
  | "VERIFICATION_FAILED"
  | "ZSTD_UNSUPPORTED";
