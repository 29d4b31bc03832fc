/** What the program with the dead writer is told to do; passed as JSON. */
export interface DeadSinkOrder {
  readonly store: string;
  readonly repo: string;
  readonly jobId: string;
  /** How long it logs, in milliseconds. */
  readonly durationMs: number;
  /** Events per second. */
  readonly rate: number;
  /** Of the dead writer's queue. */
  readonly maxQueuedEvents: number;
}

/** What it says in the end, as one JSON line. */
export interface DeadSinkReport {
  readonly producerId: string;
  readonly logged: number;
  /** Of the writer that lives. */
  readonly written: number;
  readonly livingDropped: number;
  /** Of the writer that is dead. */
  readonly deadQueued: number;
  readonly deadDropped: number;
  readonly maxDeadQueued: number;
  /** Calls of `log()` once the code is warm, in microseconds. */
  readonly p50Us: number;
  readonly p99Us: number;
  readonly maxUs: number;
  /** How much later than asked the event loop went on, in milliseconds. */
  readonly stallP99Ms: number;
  readonly stallMaxMs: number;
  /** Resident memory, in bytes, a quarter of the time in and in the end. */
  readonly rssEarly: number;
  readonly rssLate: number;
  readonly shutdownMs: number;
}
