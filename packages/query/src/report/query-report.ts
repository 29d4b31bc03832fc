import type { DecodeReason } from "@prodigy-events/schema";
import type { ProblemReason } from "@prodigy-events/storage";
import type { Strategy } from "../plan/query-plan.js";
import type { SegmentRead } from "./segment-read.js";

/**
 * What is wrong with a stretch of a file. `unreadable`: the file could not be opened or read on · `removed`: it was
 * taken away between being listed and being read. The others are explained at their types.
 */
export type QueryProblemReason = DecodeReason | ProblemReason | "unreadable" | "removed";

/** One located problem. */
export interface Problem {
  readonly path: string;
  /** Byte offset in the uncompressed content. */
  readonly offset: number;
  /** In bytes. */
  readonly length: number;
  readonly reason: QueryProblemReason;
  readonly message: string;
  /** The first bytes, at most 60; raw text that is not made safe for a terminal. */
  readonly preview: string;
}

/**
 * What an answer rests on. `linesRead = records + malformed + torn + pending`, always; `records` are those that matched,
 * those that a filter left out, and `duplicates`.
 */
export interface QueryReport {
  /** Lines seen, blank ones aside; a last line without its line feed is one too. */
  readonly linesRead: number;
  /** Well-formed records among them. */
  readonly records: number;
  /** Records that the filters let through, before any limit. */
  readonly matched: number;
  readonly malformed: number;
  /** Last lines without a line feed that nobody will finish. */
  readonly torn: number;
  /** Last lines without a line feed whose producer may still be writing them. */
  readonly pending: number;
  /** Bytes in them. */
  readonly pendingBytes: number;
  /** Records that a producer wrote twice (after a failed fsync, or at an abrupt end), read once. */
  readonly duplicates: number;
  /** Records of a producer with an earlier time than the one before; they come where they stand in the file. */
  readonly outOfOrder: number;
  /** Segments opened. */
  readonly segments: number;
  /** Bytes of uncompressed lines. */
  readonly bytesRead: number;
  /** Files that could not be read, or not to their end. */
  readonly unreadable: number;
  /** False when reading stopped early because the limit was reached: the counts are of what was read. */
  readonly complete: boolean;
  /** The first 100 malformed lines, torn tails and unreadable files. */
  readonly problems: readonly Problem[];
  /** How many files have a problem. */
  readonly problemFiles: number;
  /** Well-formed records that a filter left out, by normalised type: what was there instead. */
  readonly excludedTypes: ReadonlyMap<string, number>;
  /** How the answer was found, in what ways and by how many threads segments were read, and how many lines were parsed. */
  readonly strategy: Strategy | "count";
  readonly threads: number;
  readonly reads: readonly SegmentRead[];
  readonly parsedLines: number;
  /** Where was looked: files and directories, existing or not. */
  readonly sources: readonly string[];
}
