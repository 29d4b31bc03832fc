import type { Segment } from "@prodigy-events/storage";

/** Why a segment is read: it is in the store, a local shared file, was named by the caller, or came in by a pipe. */
export type Origin = "store" | "local" | "file" | "stdin";

/** A segment that a question may read. Plain data. */
export interface SourceSegment {
  readonly segment: Segment;
  readonly origin: Origin;
  /** The path that reports name; the segment's own, except for standard input. */
  readonly path: string;
  /** The job that events without a `job_id` belong to: that of the store directory. */
  readonly jobId: string | undefined;
  readonly repo: string | undefined;
}

/** A place that was searched for segments. */
export interface SourcePlace {
  readonly origin: Origin;
  readonly path: string;
  /** How many segments it had; 0 also when it does not exist. */
  readonly segments: number;
}

/** Everything that a question reads, and where it was looked for. */
export interface Sources {
  /** Sorted by path, each file once. */
  readonly segments: readonly SourceSegment[];
  readonly places: readonly SourcePlace[];
  /** Directories that are read whole: all their segments are among those above. */
  readonly directories: readonly string[];
}
