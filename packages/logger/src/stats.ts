import type { WriterLane } from "./queue/writer-lane.js";

/** The last error of a writer. */
export interface LastError {
  readonly code: string;
  readonly message: string;
}

/** How one writer is doing. */
export interface WriterStats {
  readonly required: boolean;
  /** Events that the writer has confirmed. */
  readonly written: number;
  /** Of those, events on the disk: all, or none when the writer does not promise it. */
  readonly synced: number;
  /** Events accepted for it and not written yet. */
  readonly queued: number;
  readonly queuedBytes: number;
  /** Events this writer will never have, by reason. */
  readonly dropped: Readonly<Record<string, number>>;
  readonly retries: number;
  /** Whether its last attempt failed. */
  readonly degraded: boolean;
  readonly lastError: LastError | undefined;
}

/** How a logger is doing. */
export interface LoggerStats {
  /** Events given to `log()` before the shutdown, by all children too. */
  readonly logged: number;
  /** Written, waiting and dropped as the required writer sees it that is furthest behind. */
  readonly written: number;
  readonly synced: number;
  readonly queued: number;
  readonly queuedBytes: number;
  /** By reason: `queue_full`, `closed`, `failed`, or the code with which a writer refused events for good. */
  readonly dropped: Readonly<Record<string, number>>;
  /** Events that do not fit their type; recorded as given. */
  readonly invalid: number;
  /** Events that could not be encoded or were too large; an `event_rejected` took their place. */
  readonly rejected: number;
  /** Events that name another job; recorded as given. */
  readonly foreignJob: number;
  /** Metadata keys of callers that were ignored because only the logger writes them. */
  readonly reservedMetadata: number;
  /** Secrets that were replaced, in bound values and in each record. */
  readonly redactions: number;
  /** Values of bound fields and metadata left out because JSON cannot hold them. */
  readonly unencodableValues: number;
  readonly retries: number;
  /** Whether a required writer's last attempt failed. */
  readonly degraded: boolean;
  readonly lastError: LastError | undefined;
  readonly writers: Readonly<Record<string, WriterStats>>;
}

/** How the writer of a lane is doing. */
function writerStats(lane: WriterLane): WriterStats {
  const { isRequired, isDurable, isDegraded, backlog, retries, lastError } = lane;
  return {
    required: isRequired,
    written: backlog.writtenEvents,
    synced: isDurable ? backlog.writtenEvents : 0,
    queued: backlog.queuedEvents,
    queuedBytes: backlog.queuedBytes,
    dropped: Object.fromEntries(backlog.dropped),
    retries,
    degraded: isDegraded,
    lastError: lastError && { code: lastError.code, message: lastError.message },
  };
}

/** The lanes that the logger's promises are about: the required ones, or all when none is. */
export function decisiveLanes(lanes: readonly WriterLane[]): readonly WriterLane[] {
  const required = lanes.filter(({ isRequired }) => isRequired);
  return required.length > 0 ? required : lanes;
}

/** Of the decisive lanes, the one that has written least. */
export function furthestBehind(lanes: readonly WriterLane[]): WriterLane | undefined {
  return decisiveLanes(lanes).reduce<WriterLane | undefined>(
    (behind, lane) =>
      behind === undefined || lane.backlog.writtenEvents < behind.backlog.writtenEvents ? lane : behind,
    undefined,
  );
}

/** How the writers of all lanes are doing, by name. */
export function lanesStats(lanes: readonly WriterLane[]): Record<string, WriterStats> {
  return Object.fromEntries(lanes.map((lane) => [lane.name, writerStats(lane)]));
}
