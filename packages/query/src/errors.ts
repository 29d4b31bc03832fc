/**
 * The stable codes of `QueryError`.
 *
 * - `BAD_TIME`: a time argument that cannot be read · `BAD_TIME_ZONE`: an unknown IANA zone
 * - `BAD_RANGE`: `since` lies after `until` · `BAD_LIMIT`, `BAD_ORDER`, `BAD_FILTER`: an option outside its range
 * - `BAD_PATTERN`: not a regular expression · `PATTERN_TIMEOUT`: one that takes too long on the data
 * - `NOT_FOUND`: a file that was asked for by name does not exist · `STDIN_FOLLOW`: standard input cannot be followed
 * - `MALFORMED`: a malformed line, with `strict` · `AMBIGUOUS_ID`: an id prefix that several records share
 * - `BAD_TARGET`: a repaired store cannot be written there, or not from that source · `TARGET_FAILED`: writing it failed
 * - `NOT_CONSERVED`: a repaired segment does not add up, which is a mistake of ours
 * - `STREAM_USED`: a stream was iterated a second time
 * - `CURSOR_DAMAGED`: what `follow` is to go on from is no cursor · `CURSOR_MISMATCH`: it is of another question
 * - `SIMD_REQUIRED`: the runtime has no WebAssembly with SIMD, by which events are read
 */
export type QueryErrorCode =
  | "BAD_TIME"
  | "BAD_TIME_ZONE"
  | "BAD_RANGE"
  | "BAD_LIMIT"
  | "BAD_ORDER"
  | "BAD_FILTER"
  | "BAD_PATTERN"
  | "PATTERN_TIMEOUT"
  | "NOT_FOUND"
  | "STDIN_FOLLOW"
  | "MALFORMED"
  | "AMBIGUOUS_ID"
  | "BAD_TARGET"
  | "TARGET_FAILED"
  | "NOT_CONSERVED"
  | "STREAM_USED"
  | "CURSOR_DAMAGED"
  | "CURSOR_MISMATCH"
  | "SIMD_REQUIRED";

/** What went wrong with a question, in one line: what, where, what to do. The original error is the `cause`. */
export class QueryError extends Error {
  override readonly name = "QueryError";
  readonly code: QueryErrorCode;
  /** The file the error is about, where there is one. */
  readonly path: string | undefined;

  constructor(code: QueryErrorCode, message: string, details: { cause?: unknown; path?: string } = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.path = details.path;
  }
}
