import type { QueryInput } from "../filter/query.js";
import type { IndexState } from "./check-segment-index.js";

/** What is done about the indexes of a store. */
export interface IndexInput {
  /** Only these jobs. */
  readonly jobId?: QueryInput["jobId"];
  /** Removes them. */
  readonly drop?: boolean | undefined;
  /** Reads them to their ends and changes nothing; with `"headers"` only tells which there are, and fit. */
  readonly check?: boolean | "headers" | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Is told, now and then, how many bytes of content have been read. */
  readonly onProgress?: ((bytesRead: number) => void) | undefined;
}

/**
 * What was done with the index of a segment.
 *
 * - `built`, `extended`: it is there now, of all lines · `kept`: it fits, and covers all or enough
 * - `skipped`: it is not worth it · `refused`: there can be none; `reason` says why
 * - `failed`: the segment could not be read, or the index not be written; `reason` says why
 * - `dropped`: it was removed · `checked`: it was looked at; `state` says what was found
 */
export type IndexAction =
  | "built"
  | "extended"
  | "kept"
  | "skipped"
  | "refused"
  | "failed"
  | "dropped"
  | "checked";

/** The index of one segment. */
export interface SegmentIndexReport {
  readonly path: string;
  /** Size of the segment's file. */
  readonly storedBytes: number;
  readonly action: IndexAction;
  /** What was found, before anything was done. */
  readonly state: IndexState;
  readonly reason?: string | undefined;
  /** Lines that are indexed, those among them that have to be parsed, and the bytes of content that they take. */
  readonly lines?: number | undefined;
  readonly undecided?: number | undefined;
  readonly contentBytes?: number | undefined;
  /** Size of the index. */
  readonly indexBytes?: number | undefined;
}

/** What was done with all. */
export interface IndexReport {
  readonly segments: readonly SegmentIndexReport[];
  /** Indexes that were removed because their segments are gone. */
  readonly orphans: readonly string[];
  /** Bytes of content that were read. */
  readonly bytesRead: number;
  /** Where was looked. */
  readonly sources: readonly string[];
}
