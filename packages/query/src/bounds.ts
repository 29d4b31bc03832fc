import { limits as storageLimits } from "@prodigy-events/storage";

/** How much memory, time and how many descriptors reading may take. Answers do not depend on it, but for bombs. */
export interface Bounds {
  /**
   * The newest N records are held in memory up to this N (about 20 MB at 350 bytes a line, parsed); beyond it they
   * are counted first and then streamed.
   */
  readonly maxHeldMatches: number;
  /** Bytes read at a time from one file: large enough that a read costs nothing beside parsing what it brought. */
  readonly maxChunkBytes: number;
  /**
   * Bytes of lines given to the scan kernel at a time. A longer line is parsed; with 0 every line is, which gives the same
   * answer more slowly.
   */
  readonly maxScannedBytes: number;
  /**
   * Bytes of segments that a thread scans in one go: some milliseconds, after which it looks whether it is still wanted;
   * with 0 all segments are read in turn, by one thread.
   */
  readonly scanUnitBytes: number;
  /**
   * Bytes of lines parsed at a time for one chain of a merge. Records that wait in memory are copied by every garbage
   * collection; lines wait more cheaply.
   */
  readonly maxDecodedBytes: number;
  /** The same when very many files are open in time: some ten records. */
  readonly minChunkBytes: number;
  /**
   * Bytes of lines held by all open chains together. Parsed they take some five times as much, which keeps a process
   * under 200 MB.
   */
  readonly maxHeldBytes: number;
  /** Bytes of lines that came with others out of one gzip member, kept as text until they are asked for. */
  readonly maxSurplusBytes: number;
  /** Descriptors open at once while merging. Beyond it the least recently read one is closed and opened again later. */
  readonly maxOpenReaders: number;
  /**
   * Chains whose first record is looked up before merging, so that a chain is opened only when its time has come.
   * Up to this many it is cheaper to open them all.
   */
  readonly maxChainsOpenedAtOnce: number;
  /** Bytes of lines that a selective question finds and holds until all is read; beyond it, what it finds is merged. */
  readonly maxGatheredBytes: number;
  /** Bytes of small foreign files that are sorted in memory after one reading; beyond it, two are needed. */
  readonly maxHeldFileBytes: number;
  /** Bytes of lines that wait, put in order, for their time; beyond it they wait in a temporary file. */
  readonly maxWaitingBytes: number;
  /** Lines of a foreign file sorted in memory at a time; a longer stretch out of order becomes several such blocks. */
  readonly maxBlockBytes: number;
  /** Records handed over at a time. */
  readonly batchRecords: number;
  /** Uncompressed bytes that are read of one compressed file; where it gives more, reading stops and says so. */
  readonly maxInflatedBytes: number;
  /** Bytes on disk from which on a closed segment gets an index: a smaller one is read as fast as its index. */
  readonly minIndexedBytes: number;
  /** Bytes that a growing segment has beyond what is indexed before its index is built or extended: 10 ms of reading. */
  readonly minIndexGrowthBytes: number;
  /** Bytes on disk from which on it is asked whether a segment is as its writer sealed it: of a smaller one, reading is as fast. */
  readonly minSealedBytes: number;
}

/** What a 1 GB store is read with in less than 150 MB of memory. */
export const defaultBounds: Bounds = {
  maxHeldMatches: 10_000,
  maxChunkBytes: 256 * 1024,
  maxScannedBytes: 1024 * 1024,
  scanUnitBytes: 4 * 1024 * 1024,
  maxDecodedBytes: 16 * 1024,
  minChunkBytes: 4 * 1024,
  maxHeldBytes: 1024 * 1024,
  maxSurplusBytes: 48 * 1024 * 1024,
  maxOpenReaders: 32,
  maxChainsOpenedAtOnce: 16,
  maxGatheredBytes: 32 * 1024 * 1024,
  maxHeldFileBytes: 4 * 1024 * 1024,
  maxWaitingBytes: 4 * 1024 * 1024,
  maxBlockBytes: 2 * 1024 * 1024,
  batchRecords: 250,
  maxInflatedBytes: storageLimits.maxInflatedBytes,
  minIndexedBytes: 1024 * 1024,
  minIndexGrowthBytes: 8 * 1024 * 1024,
  minSealedBytes: 1024 * 1024,
};
