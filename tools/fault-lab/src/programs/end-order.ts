/** Every way a process can end. */
export const processEnds = [
  "natural end",
  "process.exit",
  "throw",
  "rejection",
  "stack overflow",
  "SIGTERM",
  "SIGINT",
  "SIGHUP",
  "out of memory",
  "abort",
  "SIGKILL",
] as const;

export type ProcessEnd = (typeof processEnds)[number];

/** What the writer is doing at that moment. */
export const endStates = ["idle", "mid-flush", "thread pool busy", "after bursts"] as const;

export type EndState = (typeof endStates)[number];

/** What the ending program is told to do; passed as JSON. */
export interface EndOrder {
  readonly store: string;
  readonly repo: string;
  readonly jobId: string;
  readonly how: ProcessEnd;
  readonly state: EndState;
  /** Events that are flushed, and acknowledged, before the end. */
  readonly acknowledged: number;
  /** Events altogether. */
  readonly events: number;
}

/** What the program says before it ends, as JSON. */
export interface EndReport {
  readonly producerId: string;
  /** Events that are not yet written. */
  readonly queued: number;
}
