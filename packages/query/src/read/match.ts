import type { EventRecord } from "@prodigy-events/schema";
import type { Rank } from "../merge/order.js";

/** One record of an answer, with its place. */
export interface Match {
  /** As it was read, in its writer's spelling; a missing `event.job_id` is filled in from the store directory. */
  readonly record: EventRecord;
  /** The line as it stands in the file, without its line feed. */
  readonly line: string;
  /** The file, `-` for standard input. */
  readonly path: string;
  /** Where the line begins, in bytes of the uncompressed content. */
  readonly offset: number;
  /** The job that the event names, else the one that its store directory belongs to. */
  readonly jobId: string | undefined;
  /** The repository whose store the file is in; `undefined` for files elsewhere. */
  readonly repo: string | undefined;
}

/** A match on its way to its place in the order. */
export interface Entry extends Match, Rank {}
