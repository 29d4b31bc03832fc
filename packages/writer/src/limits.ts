/** Figures of the write path, each with its reason. */
export const limits = {
  /** Size at which a segment is rotated (design: 100 MB = 100,000,000 bytes). */
  defaultMaxSegmentBytes: 100_000_000,
  /** Names tried for one new segment; every taken name moves the time in it by one millisecond. */
  maxNameAttempts: 1_000,
  /** Time the exit path may spend writing: a process that is told to end must end. */
  exitBudgetMs: 2_000,
  /** Bytes per synchronous write at exit, so that the budget is looked at often enough. */
  exitSliceBytes: 1_048_576,
  /** Shared files that one batch is put into when each is taken away meanwhile: a clean does that once. */
  maxFilesPerBatch: 3,
  /** Pause before each segment that recovery compresses, in which a process that has nothing else to do ends. */
  recoveryPauseMs: 10,
  /** Bytes read at once when a segment is read back (recovery). */
  readChunkBytes: 262_144,
} as const;
