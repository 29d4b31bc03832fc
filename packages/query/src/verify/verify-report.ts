import type { QueryInput } from "../filter/query.js";
import type { Finding, FindingKind } from "./finding.js";

/** What is verified, and who is told. */
export interface VerifyInput {
  /** Only these jobs. */
  readonly jobId?: QueryInput["jobId"];
  /** Also reads the files that no reader would use: the other state of a segment that is there in two. */
  readonly deep?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Is told of every finding as it is made, also of those that the report has no room for. */
  readonly onFinding?: ((finding: Finding) => void) | undefined;
  /** Is shown the totals so far, now and then. */
  readonly onProgress?: ((totals: VerifyTotals) => void) | undefined;
}

/** What was read. `lines = records + malformed + torn + pending`, always. */
export interface VerifyTotals {
  /** Segments read. */
  readonly segments: number;
  /** Segments that were compared with their manifest. */
  readonly sealed: number;
  /** Lines seen, blank ones aside; a last line without its line feed is one too. */
  readonly lines: number;
  /** Well-formed records among them, duplicates included. */
  readonly records: number;
  readonly malformed: number;
  readonly torn: number;
  readonly pending: number;
  /** Lines of nothing but white space. */
  readonly blank: number;
  /** Records that a producer wrote twice. */
  readonly duplicates: number;
  /** Bytes of uncompressed content. */
  readonly bytes: number;
  /** Bytes on disk. */
  readonly storedBytes: number;
}

/** What `verify` found. */
export interface VerifyReport {
  /** Everything could be read, and nothing is damaged. */
  readonly sound: boolean;
  readonly deep: boolean;
  readonly totals: VerifyTotals;
  /** How many findings there are of each kind. */
  readonly counts: ReadonlyMap<FindingKind, number>;
  /** The first 10,000. */
  readonly findings: readonly Finding[];
  /** Where was looked. */
  readonly sources: readonly string[];
}
