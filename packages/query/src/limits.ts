/** The bounds of this package, each with its reason. */
export const limits = {
  /** Groups of an index, of some 2,500 lines, whose columns are loaded at a time: a MB or two of numbers. */
  indexGroupsAtOnce: 128,
  /** Indexes that are held open for one question; further ones are opened when their turn comes. */
  maxOpenIndexes: 64,
  /** Bytes to be scanned for each thread: what one scans in the time in which another one starts. */
  bytesPerScanThread: 64 * 1024 * 1024,
  /** More threads than this wait for memory rather than read it. */
  maxScanThreads: 16,
  /** Problems kept with their place. All are counted; a hundred are enough to find the damaged file. */
  maxLocatedProblems: 100,
  /** Findings of `verify` kept: some 5 MB. All are counted, and told to `onFinding`. */
  maxFindings: 10_000,
  /** Characters of lines that `repair` collects before it writes them. */
  copyChunkChars: 262_144,
  /** Producers whose numbers `verify` keeps for one directory: a shared file has one for every `emit`. */
  maxTrackedProducers: 100_000,
  /** Types counted by name among the records a filter left out; more than this is noise, and memory. */
  maxExcludedTypes: 1_000,
  /** Groups kept by `stats`. Grouping 3,000,000 records by id would hold them all; further groups are counted as one. */
  maxGroups: 100_000,
  /** Characters of a pattern: some 400 ids as alternatives. The engine takes 300 MB, or seconds, for much longer ones. */
  maxPatternLength: 16_384,
  /** Characters of the engine's reason for refusing a pattern that are shown: it repeats the whole pattern. */
  maxReasonLength: 300,
  /** A regular expression may spend this long on one text; ordinary ones take microseconds. */
  patternTimeoutMs: 2_000,
  /** A pattern that takes no more steps than this on a text ends within a second by itself. */
  maxPatternSteps: 300_000_000,
  /** Distinct runs of sequence numbers remembered per producer, to tell a copy from a late record. */
  maxSequenceRanges: 10_000,
  /**
   * Records after a jump in a producer's numbers whose ids are remembered, to tell a copy from a record whose number
   * damage gave to another: a damaged gzip member holds some 3,000 lines. 600 kB.
   */
  maxDoubtfulRecords: 5_000,
  /** How deep a directory given as a file is searched: store, repository, job, segments. */
  maxDirectoryDepth: 3,
  /** Files one glob may name. */
  maxGlobMatches: 100_000,
  /** Records an ambiguous id prefix is explained with. */
  maxAmbiguousIds: 5,
  /** How long after its last write a foreign segment, which names no producer, still counts as being written. */
  foreignIdleMs: 3_600_000,
  /** Records of a shared file whose ids `follow` remembers, in case the file is written anew: some 600 kB. */
  maxRecentIds: 10_000,
  /** Producers of a shared file whose records are known again; of more, those that were not met for longest are forgotten. */
  maxSharedProducers: 4_096,
  /** Descriptors that `follow` keeps open on growing segments, so that one that is removed can be read to its end. */
  maxHeldDescriptors: 128,
  /** First bytes of a shared or foreign file by which `follow` knows that it is still the same. */
  fingerprintBytes: 256,
  /** How often `follow` looks for local files, which takes more than a directory scan. */
  localFilesIntervalMs: 1_000,
  /** A directory is listed again after so long whatever its mtime says, for clocks that differ from ours. */
  fullScanIntervalMs: 10_000,
  /** A directory changed so short a while ago may change again without its mtime showing it. */
  mtimeResolutionMs: 1_000,
  /** The shortest pause of `follow` between two scans, so that a busy writer does not keep it scanning. */
  minScanIntervalMs: 20,
  /** Directories watched by `follow`; further ones are found by its scan alone. */
  maxWatchedDirectories: 64,
  /** Texts, and characters of texts, that a kernel has listed before it is replaced: half of what it has room for. */
  maxReusedTexts: 32_768,
  maxReusedTextChars: 1_048_576,
  /** Kernels kept for the next question; more questions at a time have kernels of their own. */
  maxIdleKernels: 2,
} as const;
