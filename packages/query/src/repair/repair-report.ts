import type { QueryInput } from "../filter/query.js";
import type { QueryProblemReason } from "../report/query-report.js";

/** What is repaired, and where to. */
export interface RepairInput {
  /** An empty or new directory outside the store: the root of the repaired one. */
  readonly to: string;
  /** Only these jobs. */
  readonly jobId?: QueryInput["jobId"];
  /** Stops with its reason as the error; what was written until then stays. */
  readonly signal?: AbortSignal | undefined;
  /** Is shown the totals so far, now and then. */
  readonly onProgress?: ((totals: RepairTotals) => void) | undefined;
}

/**
 * Why something was left out: it is no record (the reasons of `Problem`; `tail`: a line cut off by damage), its last line
 * is `torn` or `pending`, it is a `duplicate` of what is there, or it is no line at all (`blank`, with byte order marks).
 */
export type LeftOutReason = QueryProblemReason | "torn" | "pending" | "duplicate" | "blank";

/** Lines, and their bytes with their line ends. */
export interface Portion {
  readonly lines: number;
  readonly bytes: number;
}

/** What became of one segment. */
export interface SegmentRepair {
  readonly path: string;
  /** The copy; `undefined` when nothing of it could be read. */
  readonly targetPath: string | undefined;
  /** Where its records went that are not its producer's. */
  readonly strayPath: string | undefined;
  /** Whether the copy is, byte for byte, what the manifest says; it has a manifest then. */
  readonly isWhole: boolean;
  readonly copied: Portion;
  readonly leftOut: ReadonlyMap<LeftOutReason, Portion>;
  /** Lines among the copied that stand where a checksum does not match: records, but perhaps altered. */
  readonly suspectLines: number;
  /** Why it could not be read to its end. */
  readonly error: string | undefined;
}

/** What was read and what became of it. `read = copied + leftOut`, in lines and in bytes; that is checked. */
export interface RepairTotals {
  readonly segments: number;
  /** Segments whose copies have a manifest. */
  readonly whole: number;
  readonly read: Portion;
  readonly copied: Portion;
  readonly leftOut: ReadonlyMap<LeftOutReason, Portion>;
  readonly suspectLines: number;
  /** Segments that could not be read, or not to their end. */
  readonly unreadable: number;
}

/** What `repair` did. */
export interface RepairReport {
  /** The root of the repaired store. */
  readonly to: string;
  /** Every record was copied: nothing was left out but duplicates, blank lines and lines that are being written. */
  readonly isComplete: boolean;
  readonly totals: RepairTotals;
  readonly segments: readonly SegmentRepair[];
  /** Where was looked. */
  readonly sources: readonly string[];
}
