const MiB = 1024 * 1024;

/** Figures of the logger, each with its reason. */
export const limits = {
  /** Events in a batch: the seed's buffer size; one fdatasync for so many costs under 1 µs each. */
  defaultBufferSize: 1_000,
  /** Bytes in a batch, so that large events do not make large writes. */
  maxBatchBytes: MiB,
  /** Bytes written at once by a writer that fell behind: so it catches up with few writes and few syncs. */
  maxWriteBytes: 2 * MiB,
  /** Longest time an event waits for company (the seed's flush interval). */
  defaultFlushIntervalMs: 5_000,
  /** Events and bytes that may wait for one writer: minutes of a busy job, within a bounded memory. */
  defaultMaxQueuedEvents: 100_000,
  defaultMaxQueuedBytes: 64 * MiB,
  /** Share of those bounds from which callers who can wait are asked to: the rest is for those who cannot. */
  pressureShare: 0.5,
  /** JSON bytes of the largest event that is recorded; a larger one becomes `event_rejected`. */
  maxEventBytes: 8 * MiB,
  /** Bytes of the largest line: what readers take. */
  maxLineBytes: 16 * MiB,
  /** Metadata keys taken from a logger, a child and a call each: what describes an event, not a dump of something. */
  maxMetadataKeys: 64,
  /** Characters of a rejected event's type and of the reason that are recorded: enough to find the caller. */
  maxRejectedTypeLength: 128,
  maxReasonLength: 500,
  /** Wait after the first failed attempt to write; doubles with each further one. */
  firstBackoffMs: 100,
  /** Longest wait between attempts, so that a repaired disk is noticed within seconds. */
  maxBackoffMs: 5_000,
  /** Share of a wait that is left to chance, so that many processes do not try at once. */
  backoffJitter: 0.25,
  /** How long a logger waits for its required writers to open: a busy disk answers by then, a dead mount never does. */
  openTimeoutMs: 5_000,
  /** How long `shutdown()` tries by itself; container runtimes kill after 10 s. Also what optional writers get of `flush()`. */
  defaultShutdownTimeoutMs: 9_000,
  /**
   * Sizes of the memory that events are encoded into: the first, and after doubling the last. It has room for a batch
   * and is small enough to stay in the processor's cache: with pieces of 4 MiB, logging takes 5 % longer.
   */
  firstChunkBytes: MiB / 4,
  chunkBytes: 1.25 * MiB,
  /** Batches below this are copied, so that a writer that is behind does not hold a whole piece for a few events. */
  minSharedBytes: MiB / 8,
  /** Such pieces that are kept when nobody needs them: for two writes of a writer that fell behind. */
  spareChunks: 4,
  /** Characters from which on a text's bytes are counted exactly, before room is made for three times as many. */
  exactLengthFrom: MiB / 16,
  /** Random bytes drawn at once: drawing them one id at a time costs ten times as much. */
  randomPoolBytes: 8_192,
  /** Characters that are looked through at once for signs of secrets; fits the processor's caches. */
  scanChunkLength: 65_536,
  /** The shortest literal that the quick look for secrets can find: it looks at every second pair of characters. */
  minLiteralLength: 4,
  /** How deep JSON in strings in JSON is searched for secrets; each level doubles the escapes, so nobody means more. */
  maxNestedJson: 10,
  /** Levels in the path of a secret that was found, and characters of each key: enough to find it by hand. */
  maxPathLevels: 64,
  maxPathKeyLength: 64,
  /** Characters shown before the mark of a secret that was found, and from it on. */
  previewBefore: 24,
  previewAfter: 64,
} as const;
