import { type HistogramBucket, InstantHistogram } from "./instant-histogram.js";
import { compareKeys, keyAfter, type RecordKey } from "./record-key.js";

/** A record, or the newest record of a file that only goes whole, with what its removal is worth. */
export interface WeightedKey {
  key: RecordKey;
  weight: number;
}

/** A span of time, in milliseconds since the Unix epoch: `fromMs` included, `toMs` excluded. */
export interface TimeSpan {
  fromMs: number;
  toMs: number;
}

/** Gives all weighted keys of a span, in any order, each time anew. Called a few times, with ever shorter spans. */
export type ReadWeightedKeys = (span: TimeSpan) => AsyncIterable<WeightedKey[]>;

/** What may be held in memory while searching. */
export interface FindPrefixLimits {
  maxHistogramBuckets: number;
  maxSortedKeys: number;
}

/**
 * Finds the shortest run of oldest records that together weigh at least `target`, and returns the key after it:
 * the records below that key are the run. Exact, in bounded memory, however many records there are: a histogram
 * names the span of time in which the run ends, and so on until few enough records are left to be sorted.
 *
 * @param target more than 0
 * @param span holds all the records
 * @returns `undefined` when all records together weigh less
 */
export async function findPrefix(
  target: number,
  span: TimeSpan,
  read: ReadWeightedKeys,
  limits: FindPrefixLimits,
): Promise<RecordKey | undefined> {
  let remaining = target;
  let ending: TimeSpan = span;
  for (let records = Number.POSITIVE_INFINITY; records > limits.maxSortedKeys && !isShortest(ending); ) {
    const histogram = await histogramOf(ending, read, limits.maxHistogramBuckets);
    const reached = bucketReaching(remaining, histogram.buckets());
    if (reached === undefined) return undefined;
    ({ bucket: ending, remaining } = reached);
    records = reached.bucket.records;
  }
  return keyReaching(remaining, ending, read, limits.maxSortedKeys);
}

/** A histogram cannot split this span any further. */
function isShortest({ fromMs, toMs }: TimeSpan): boolean {
  return toMs - fromMs <= 1;
}

/** The bucket in which the running weight reaches `target`, and what is still missing when it begins. */
function bucketReaching(
  target: number,
  buckets: readonly HistogramBucket[],
): { bucket: HistogramBucket; remaining: number } | undefined {
  let remaining = target;
  for (const bucket of buckets) {
    if (bucket.weight >= remaining) return { bucket, remaining };
    remaining -= bucket.weight;
  }
  return undefined;
}

async function histogramOf(
  span: TimeSpan,
  read: ReadWeightedKeys,
  maxBuckets: number,
): Promise<InstantHistogram> {
  const histogram = new InstantHistogram(maxBuckets);
  for await (const batch of read(span)) {
    for (const { key, weight } of batch) histogram.add(millisecondOf(key.instant), weight);
  }
  return histogram;
}

/**
 * Walks the keys of one span in order. One pass is enough unless a single millisecond holds more keys than may
 * be sorted at once; then each pass takes the next smallest ones.
 */
async function keyReaching(
  target: number,
  span: TimeSpan,
  read: ReadWeightedKeys,
  maxSortedKeys: number,
): Promise<RecordKey | undefined> {
  let remaining = target;
  let floor: RecordKey | undefined;
  for (;;) {
    const { keys, cutShort } = await smallestKeys(span, floor, read, maxSortedKeys);
    for (const { key, weight } of keys) {
      remaining -= weight;
      if (remaining <= 0) return keyAfter(key);
    }
    const last = keys.at(-1);
    if (!cutShort || last === undefined) return undefined;
    floor = keyAfter(last.key);
  }
}

/** The smallest keys that are not below `floor`, sorted, at most `maxKeys` of them unless copies tie at the end. */
async function smallestKeys(
  span: TimeSpan,
  floor: RecordKey | undefined,
  read: ReadWeightedKeys,
  maxKeys: number,
): Promise<{ keys: WeightedKey[]; cutShort: boolean }> {
  let keys: WeightedKey[] = [];
  let ceiling: RecordKey | undefined;
  const cut = () => {
    keys.sort((a, b) => compareKeys(a.key, b.key));
    if (keys.length <= maxKeys) return;
    ceiling = keyAfter(keys[maxKeys - 1]!.key);
    keys = keys.filter(({ key }) => compareKeys(key, ceiling!) < 0);
  };
  for await (const batch of read(span)) {
    for (const weighted of batch) {
      if (floor !== undefined && compareKeys(weighted.key, floor) < 0) continue;
      if (ceiling !== undefined && compareKeys(weighted.key, ceiling) >= 0) continue;
      keys.push(weighted);
    }
    if (keys.length > 2 * maxKeys) cut();
  }
  cut();
  return { keys, cutShort: ceiling !== undefined };
}

/** The millisecond that an instant lies in, for histograms. Monotonic in the instant. */
export function millisecondOf(instant: bigint): number {
  return Number(instant / 1_000_000n);
}
