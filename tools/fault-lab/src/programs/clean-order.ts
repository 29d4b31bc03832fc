/** One clean of one job, sent to the cleaning program as a line of JSON. */
export interface CleanOrder {
  readonly store: string;
  readonly repo: string;
  readonly jobId: string;
}

/** What came of it, one JSON line. */
export interface CleanAnswer {
  /** `LOCKED`, another code, or `undefined` when it was carried out. */
  readonly code?: string;
  readonly message?: string;
  readonly removed: number;
  readonly skipped: number;
  /** What went wrong with single segments. */
  readonly failed: readonly string[];
  /**
   * When it first and last changed something in the job, in nanoseconds of the clock that all processes share; empty
   * when it changed nothing.
   */
  readonly heldFrom: string;
  readonly heldTo: string;
}
