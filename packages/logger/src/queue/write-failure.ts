import { WriteError } from "@prodigy-events/writer";

/** Whatever a writer threw, as a {@link WriteError}: a writer of another origin may throw anything. */
export function asWriteError(error: unknown): WriteError {
  if (error instanceof WriteError) return error;
  const { code, retryable } = (typeof error === "object" && error !== null ? error : {}) as {
    code?: unknown;
    retryable?: unknown;
  };
  return new WriteError(error instanceof Error ? error.message : String(error), {
    code: typeof code === "string" ? code : "WRITER_FAILED",
    // Only who says so for certain gives a batch up.
    retryable: retryable !== false,
    cause: error,
  });
}
