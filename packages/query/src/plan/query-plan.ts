import type { Query } from "../filter/query.js";
import type { SourceSegment } from "../source/source-segment.js";

/**
 * How the answer is found.
 *
 * - `merge`: all segments forward, merged by time; a limit takes the first ones
 * - `newest`: chains backward from their ends, other files through a heap of the newest, until the limit is reached
 * - `gather`: all segments in any order, by the columns of their lines; what the filters want is held and sorted. If that
 *   is too much, as if there were no filter
 * - `count-then-merge`: the newest N for an N too large to hold: count the matches, then merge and skip the others
 */
export type Strategy = "merge" | "gather" | "newest" | "count-then-merge";

/** A segment with its place in the order of files, which breaks ties between records. */
export interface PlannedSegment {
  readonly source: SourceSegment;
  readonly file: number;
  /** Where its uncompressed content is taken to end, a line's end; `undefined` for wherever it ends. */
  readonly endOffset?: number | undefined;
}

/**
 * Segments that one producer wrote, in the order in which it wrote them: their records are in time order, and a copy of
 * one has the same sequence number.
 */
export interface PlannedChain {
  readonly producerId: string;
  readonly segments: readonly PlannedSegment[];
}

/** What will be read, and how. Frozen plain data. */
export interface QueryPlan {
  readonly query: Query;
  readonly strategy: Strategy;
  readonly chains: readonly PlannedChain[];
  /** Foreign and shared files: anybody may have written them, in any order. */
  readonly files: readonly PlannedSegment[];
}
