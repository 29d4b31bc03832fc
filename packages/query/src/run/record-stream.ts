import type { EventRecord } from "@prodigy-events/schema";
import { QueryError } from "../errors.js";
import type { Match } from "../read/match.js";
import type { QueryReport } from "../report/query-report.js";

/**
 * The records of an answer as they are found. Iterate it once, either record by record or in `batches()`, which also
 * give each record's raw line and place and cost far less per record. Leaving the loop closes every file.
 */
export interface RecordStream extends AsyncIterable<EventRecord> {
  batches(): AsyncGenerator<Match[], void>;
  /** What was read so far; final once the iteration has ended. */
  readonly report: QueryReport;
}

/** A stream over what `start` yields, which is called when iteration begins. */
export function recordStream(report: QueryReport, start: () => AsyncGenerator<Match[], void>): RecordStream {
  let isUsed = false;
  const batches = () => {
    if (isUsed)
      throw new QueryError("STREAM_USED", "a record stream can be iterated once: ask the question again");
    isUsed = true;
    return start();
  };
  return {
    report,
    batches,
    async *[Symbol.asyncIterator]() {
      for await (const batch of batches()) for (const { record } of batch) yield record;
    },
  };
}
