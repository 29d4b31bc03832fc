import type { Gap } from "@prodigy-events/query";

/** What the following program is told to do; passed as JSON. */
export interface FollowOrder {
  readonly store: string;
  readonly repo: string;
  readonly jobId: string;
}

/** What it has seen of one producer. */
export interface FollowedProducer {
  readonly producerId: string;
  /** One above the highest sequence number that came. */
  readonly end: number;
  readonly repeated: number;
  /** The numbers below `end` that did not come. */
  readonly missing: readonly number[];
}

/** What it says in the end, as one JSON line. */
export interface FollowerReport {
  readonly producers: readonly FollowedProducer[];
  readonly gaps: readonly Gap[];
  readonly invented: number;
  readonly outOfOrder: number;
  readonly records: number;
}
