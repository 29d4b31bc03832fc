import type { Segment } from "@prodigy-events/storage";

/** Which events a clean is about: what `ls` would read with the same arguments. */
export interface RetentionScope {
  /** Every segment of the scope, from whichever directories. */
  segments: readonly Segment[];
  /** Root directory of the store; needed when any of the segments lies in a store. */
  root?: string;
  /** When given, only records of these jobs may go; other records in the same files stay. */
  jobIds?: readonly string[];
  /**
   * Paths of files that the user named one by one. A plain file that our writers did not make is left alone
   * unless it is named here.
   */
  namedFiles?: readonly string[];
}
