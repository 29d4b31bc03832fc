/** Every bound of the program, with its reason. Sizes are bytes, times milliseconds. */
export const limits = {
  /** Bytes of a line that are searched for secrets at once: more than readers take for a record. */
  maxScannedLine: 16 * 1024 * 1024 + 1024,
  /** Records that `ls` shows on a terminal without `--limit`: a few screens, found at once by reading backwards. */
  terminalRecords: 100,
  /** Up to this much stored data `ls` counts what it did not show; that takes about a second. */
  countMoreMaxBytes: 200_000_000,
  /** Damaged places that are named on standard error; all are counted. */
  namedProblems: 5,
  /** Types that are named when nothing matched. */
  namedTypes: 6,
  /** Places that are named when nothing was found. */
  namedPlaces: 4,
  /** Lines of one agent's context held back before they are printed although the group still grows. */
  heldContextRecords: 1000,
  /** Work that takes longer than this shows its progress. */
  progressAfterMs: 1000,
  /** How often the progress line changes. */
  progressIntervalMs: 200,
  /** Free space below which `doctor` warns: ten segments of the default size. */
  lowFreeBytes: 1_000_000_000,
  /** Free space below which `doctor` calls it broken: one segment no longer fits. */
  leastFreeBytes: 100_000_000,
  /** How often `follow` saves its cursor at most. What was shown since comes again after a kill -9. */
  cursorSaveIntervalMs: 1_000,
  /** Largest cursor file that is read: one of 100,000 producers has some 20 MB. */
  maxCursorFileBytes: 64 * 1024 * 1024,
} as const;
