/** The file operation that failed while a batch was written. */
export type FailedOperation = "write" | "fstat" | "fsync";

/**
 * `"resume"`: keep the segment, and go on at the exact byte when the batch comes again.
 * `"switch"`: leave the segment as it is, for good, and put the whole batch into the next one.
 */
export type FailureAction = "resume" | "switch";

/** The disk is full or busy, nothing is broken: the segment stays good, and a fresh one would fare no better. */
const passing: ReadonlySet<string> = new Set(["ENOSPC", "EDQUOT", "EFBIG", "EAGAIN", "ENOMEM", "ENOBUFS"]);

/**
 * Decides what a failed operation means for the segment it failed on.
 *
 * After a failed fsync the kernel may have dropped the pages and forgotten the error, so that a second fsync
 * would succeed without the data being on disk: whatever the code, that descriptor is never fsynced again.
 */
export function actionAfter(operation: FailedOperation, code: string): FailureAction {
  if (operation === "fsync") return "switch";
  return passing.has(code) ? "resume" : "switch";
}
