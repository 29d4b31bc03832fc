const millisecondsPerDay = 86_400_000;

/** The bounds within which retention works, each with its reason. */
export const limits = {
  /** A segment closed, or a shared file written, less than this ago is left alone: `follow` may not have read it to its end. */
  minClosedAgeMs: 60_000,
  /** 100 years of 365.25 days: an `olderThanMs` above it is a mistake in the unit. */
  maxAgeMs: 36_525 * millisecondsPerDay,
  /** Buckets of the histogram that finds the N-th newest record: 65,536 buckets take a few MB whatever the store's size. */
  maxHistogramBuckets: 65_536,
  /** Record keys sorted at once when a bucket is resolved to single records: some 20 MB. */
  maxSortedKeys: 50_000,
  /**
   * Ranges of removed bytes that a manifest lists. Clean takes out the beginning of a segment, which is one range;
   * only lines that cannot be understood, and stay, part it. With more, the manifest says nothing of them: it must
   * stay below the 4 MiB that readers take.
   */
  maxManifestRanges: 20_000,
  /** Largest note of ours that is read (an origin, a lock): real ones have a few hundred bytes. */
  maxNoteBytes: 65_536,
  /** Bytes read or written at once when lines are copied. */
  copyChunkBytes: 262_144,
} as const;
