import type { EventRecord } from "@prodigy-events/schema";
import { QueryError } from "../errors.js";
import type { Match } from "../read/match.js";
import type { QueryReport } from "../report/query-report.js";
import type { RecordStream } from "../run/record-stream.js";
import type { FollowCursor } from "./follow-cursor.js";

/** The records of a follow, and how far they go. */
export interface FollowStream extends RecordStream {
  /**
   * Where another follow goes on after everything that this stream has handed out so far: each record, or, taken in
   * `batches()`, each whole batch. `undefined` while it still hands out history, which is not gone on with.
   */
  cursor(): FollowCursor | undefined;
}

/** What a stream tells of, and asks, the follow that it hands out. */
export interface FollowProgress {
  took(match: Match): void;
  cursor(): FollowCursor | undefined;
}

/** A stream over what `start` yields, which is called when iteration begins. */
export function followStream(
  report: QueryReport,
  progress: FollowProgress,
  start: () => AsyncGenerator<Match[], void>,
): FollowStream {
  let isUsed = false;
  const begin = () => {
    if (isUsed)
      throw new QueryError("STREAM_USED", "a record stream can be iterated once: ask the question again");
    isUsed = true;
    return start();
  };
  return {
    report,
    cursor: () => progress.cursor(),
    async *batches(): AsyncGenerator<Match[], void> {
      for await (const batch of begin()) {
        for (const match of batch) progress.took(match);
        yield batch;
      }
    },
    async *[Symbol.asyncIterator](): AsyncGenerator<EventRecord, void> {
      for await (const batch of begin()) {
        for (const match of batch) {
          progress.took(match);
          yield match.record;
        }
      }
    },
  };
}
