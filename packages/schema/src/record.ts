import type { AnyEvent } from "./events.js";

/** What our logger states about the origin of a record; callers add fields of their own. */
export interface RecordMetadata {
  host: string;
  pid: number;
  /** `main`, or the name or id of the worker thread. */
  thread: string;
  /** Identifies one logger in one process. */
  producer_id: string;
  /** Counts the records of a producer from 0: (producer_id, sequence) identifies a record. */
  sequence: number;
  [key: string]: unknown;
}

/**
 * The envelope around one event: one line of a segment.
 *
 * As read, the metadata may lack any field, because other programs write records too.
 */
export interface EventRecord<E = AnyEvent> {
  /** UUIDv7 when we wrote it; readers accept any text. */
  id: string;
  /** RFC 3339; UTC with milliseconds when we wrote it. */
  timestamp: string;
  /** Links the events of one run. */
  correlation_id: string;
  event: E;
  metadata: Partial<RecordMetadata>;
}

/** The fields of `RecordMetadata` that are ours, in the order in which they are written; callers cannot set them. */
export const reservedMetadataFields: readonly string[] = ["host", "pid", "thread", "producer_id", "sequence"];
