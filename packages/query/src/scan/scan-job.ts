import type { Query } from "../filter/query.js";
import type { SearchQuestion } from "../search/search-question.js";
import type { GroupKey } from "../stats/group-counter.js";

/** What is done with the records that a scan finds. */
export type ScanPurpose =
  /** They are counted, by the values of fields. */
  | { readonly kind: "count"; readonly groupBy: readonly string[] }
  /** Their lines are kept. */
  | { readonly kind: "gather" };

/** One scan, as plain data that a thread can be sent. */
export interface ScanJob {
  readonly query: Query;
  readonly search: SearchQuestion | undefined;
  readonly purpose: ScanPurpose;
  /** As in `Bounds`. */
  readonly maxScannedBytes: number;
}

/** Records counted in groups: in the order in which the groups came up. */
export interface CountedGroups {
  readonly groups: readonly (readonly [key: GroupKey, count: number])[];
}

/** Lines that were found in one segment, in its order. */
export interface FoundLines {
  /** The lines one after the other, without their line ends. */
  readonly bytes: Uint8Array;
  /** `foundFields` numbers for each line. */
  readonly numbers: Float64Array;
  /** The producers that the numbers name. */
  readonly producers: readonly string[];
}

/** Numbers for each found line: milliseconds, nanoseconds, sequence, offset in the segment, end in `bytes`, producer. */
export const foundFields = 6;
