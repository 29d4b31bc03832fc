import type { Filter, QueryInput } from "../filter/query.js";
import type { Problem } from "../report/query-report.js";

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
  /** Is told of records that will never come. */
  readonly onGap?: ((gap: Gap) => void) | undefined;
  /** Is told of malformed lines and unreadable files as they are met; they are in the report too. */
  readonly onProblem?: ((problem: Problem) => void) | undefined;
}

/**
 * Records of a producer that were not read. `removed`: their segment was taken away first, by `clean` for example ·
 * `missing`: the numbers skip them, and no record says that they were dropped.
 */
export interface Gap {
  readonly reason: "removed" | "missing";
  readonly producerId: string;
  /** The first missing sequence number. */
  readonly fromSequence: number;
  /** The last one; `undefined` when nobody can tell. */
  readonly toSequence: number | undefined;
  /** The file that was removed, or in which the numbers skip. */
  readonly path: string;
}
