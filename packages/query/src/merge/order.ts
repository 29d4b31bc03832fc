import type { Instant } from "../time/instant.js";

/** What ranks a record: its instant, then its producer and sequence, then its file and offset. No two ranks are equal. */
export interface Rank extends Instant {
  /** Empty when the record names none. */
  readonly producer: string;
  /** -1 when the record has none. */
  readonly sequence: number;
  /** The file's place among all files of the question, which are sorted by path. */
  readonly file: number;
  readonly offset: number;
}

/** The order in which records are handed over: negative, zero or positive, for `sort`. */
export function compareRanks(a: Rank, b: Rank): number {
  if (a.ms !== b.ms) return a.ms - b.ms;
  if (a.nanos !== b.nanos) return a.nanos - b.nanos;
  if (a.producer !== b.producer) return a.producer < b.producer ? -1 : 1;
  return a.sequence - b.sequence || a.file - b.file || a.offset - b.offset;
}

/** The same order from its end. */
export function compareRanksBackward(a: Rank, b: Rank): number {
  return compareRanks(b, a);
}

/** Ranks before every record at or after an instant. */
export function rankBefore(instant: Instant): Rank {
  return { ms: instant.ms, nanos: instant.nanos, producer: "", sequence: -2, file: -1, offset: -1 };
}

/** Ranks after every record at or before an instant. */
export function rankAfter(instant: Instant): Rank {
  // Producer ids are text of any kind; one nanosecond later outranks them all.
  return { ms: instant.ms, nanos: instant.nanos + 1, producer: "", sequence: -2, file: -1, offset: -1 };
}
