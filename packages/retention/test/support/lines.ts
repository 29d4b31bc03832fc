import { encodeRecord } from "@prodigy-events/schema";
import { hourMs, nowMs } from "./times.js";

/** What a test says about a record. */
export interface RecordSpec {
  /** Milliseconds since the Unix epoch, or the timestamp's text. */
  at: number | string;
  /** Unique within a store, so that lines can be told apart. */
  id: string;
  producerId?: string;
  sequence?: number;
  jobId?: string;
  /** Makes the line longer by so many bytes. */
  padding?: number;
}

/** The lines of one producer, one for each age in hours before `nowMs`, with the ids `<producer>-0`, `<producer>-1` … */
export function linesOf(producerId: string, hoursAgo: readonly number[]): string[] {
  return hoursAgo.map((hours, sequence) =>
    recordLine({ at: nowMs - hours * hourMs, id: `${producerId}-${sequence}`, producerId, sequence }),
  );
}

/** A record's line, with its line end. */
export function recordLine({ at, id, producerId, sequence, jobId, padding = 0 }: RecordSpec): string {
  return encodeRecord({
    id,
    timestamp: typeof at === "string" ? at : new Date(at).toISOString(),
    correlation_id: "run-1",
    event: {
      event_type: "agent_progress",
      ...(jobId === undefined ? {} : { job_id: jobId }),
      agent_id: "agent-1",
      step: "x".repeat(padding),
      progress_pct: 50,
    },
    metadata: {
      ...(producerId === undefined ? {} : { producer_id: producerId }),
      ...(sequence === undefined ? {} : { sequence }),
    },
  });
}
