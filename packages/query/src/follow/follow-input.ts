import type { Filter, QueryInput } from "../filter/query.js";
import type { Problem } from "../report/query-report.js";
import type { FollowCursor } from "./follow-cursor.js";

/** What is followed. Severities, categories and times are resolved once, at the start. */
export interface FollowInput extends Filter, Pick<QueryInput, "timeZone" | "strict"> {}

export interface FollowOptions {
  /** Ends the stream, without an error. */
  readonly signal?: AbortSignal | undefined;
  /** How many of the newest records come first, in time order: 10 when left out, `Infinity` for all. */
  readonly history?: number | undefined;
  /** How often directories are scanned, in milliseconds; 250 when left out. Changes usually wake it earlier. */
  readonly pollIntervalMs?: number | undefined;
  /** Ends the stream once nothing new has come for so many milliseconds. */
  readonly untilIdleMs?: number | undefined;
  /**
   * Goes on where an earlier follow of the same question was (`FollowStream.cursor`): gives what has come since, each
   * record once, and no history. `"beginning"`: as if nothing had been given yet, so that all there is comes first, and
   * the stream's cursor is exact from its first record on; files of others come in their own order.
   */
  readonly cursor?: FollowCursor | "beginning" | undefined;
  /**
   * Is told of records that will never come. Of those missing in history it is told once history has been given, and before
   * what comes: of the numbers between the least and the greatest that were read of a producer, if it is certain that no
   * record has them. A number that a filter hides was read.
   */
  readonly onGap?: ((gap: Gap) => void) | undefined;
  /** Is told of malformed lines and unreadable files as they are met; they are in the report too. */
  readonly onProblem?: ((problem: Problem) => void) | undefined;
}

/**
 * Why records were not read. `removed`: their segment was taken away first, by `clean` for example · `missing`: the
 * numbers of a producer skip them, and no record says that they were dropped · `truncated`: somebody made a shared or
 * foreign file shorter than what had been read of it · `replaced`: such a file begins otherwise, or another one has its
 * name. The last two tell of what may have come between the last reading and that: perhaps nothing.
 */
export type GapReason = "removed" | "missing" | "truncated" | "replaced";

/** Records that were not read, or may not have been. */
export interface Gap {
  readonly reason: GapReason;
  /** `undefined` for a file whose records are not numbered. */
  readonly producerId: string | undefined;
  /** The first missing sequence number; `undefined` for a file whose records are not numbered. */
  readonly fromSequence: number | undefined;
  /** The last one; `undefined` when nobody can tell. */
  readonly toSequence: number | undefined;
  /** The file that was removed, truncated or replaced, or in which the numbers skip. */
  readonly path: string;
  /** `clean`, if its log says so. */
  readonly removedBy?: "clean" | undefined;
  /** The copy that clean kept, if it kept one. */
  readonly archive?: string | undefined;
}
