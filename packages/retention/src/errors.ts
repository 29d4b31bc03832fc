import { errnoOf } from "@prodigy-events/storage";

/** The stable codes of {@link RetentionError}. A program may branch on them; messages may change. */
export type RetentionErrorCode =
  /** The policy asks for nothing, or a limit is not a usable number. */
  | "BAD_POLICY"
  /** The scope holds something that cannot be cleaned. */
  | "BAD_SCOPE"
  /** The plan was asked for another policy or instant than the inventory was gathered for. */
  | "INVENTORY_MISMATCH"
  /** Lines or bytes before are not the sum of those kept, archived and deleted. Nothing was deleted. */
  | "NOT_CONSERVED"
  /** Another clean or restore is at work in the same directory, or its lock was left behind. */
  | "LOCKED"
  /** Our lock was taken away while we worked (`breakLock` of someone else). */
  | "LOCK_LOST"
  /** The store can be read or written by other users. */
  | "ROOT_NOT_PRIVATE"
  /** The archive directory lies where readers of the store would read it as live. */
  | "BAD_ARCHIVE_DIRECTORY"
  /** Every name that a copy could get in the archive is taken by something else. */
  | "ARCHIVE_FULL"
  /** An archive file does not read back as what was put into it. */
  | "ARCHIVE_DAMAGED"
  /** The plan is not one that `planRetention` of this version made. */
  | "BAD_PLAN";

/**
 * Everything that retention itself refuses or detects. Errors of the file system arrive as `StorageError`
 * of `@prodigy-events/storage`. The message says what was wrong, where, and what to do.
 */
export class RetentionError extends Error {
  override readonly name = "RetentionError";
  readonly code: RetentionErrorCode;
  /** The file or directory concerned, where there is one. */
  readonly path?: string;

  constructor(code: RetentionErrorCode, message: string, options: { path?: string } = {}) {
    super(message);
    this.code = code;
    if (options.path !== undefined) this.path = options.path;
  }
}

/** True when there is no room for what was to be written: clean may be what makes some. */
export function isDiskFull(error: unknown): boolean {
  const code = errnoOf(error);
  return code === "ENOSPC" || code === "EDQUOT";
}
