/**
 * The place of a record in the order in which records go: by instant, then producer, sequence, file and
 * offset. It is the order in which queries return them. A record without producer or sequence has `""` and
 * `-1` there. Two copies of one record (same instant, producer and sequence) have the same place, whatever
 * their files: they stay or go together.
 */
export interface RecordKey {
  /** Nanoseconds since the Unix epoch. */
  instant: bigint;
  producerId: string;
  sequence: number;
  path: string;
  offset: number;
}

/** A {@link RecordKey} as JSON can carry it: the instant is a decimal integer. */
export interface RecordKeyData extends Omit<RecordKey, "instant"> {
  instant: string;
}

/** Negative when `a` goes before `b`, 0 when they have the same place. */
export function compareKeys(a: RecordKey, b: RecordKey): number {
  if (a.instant !== b.instant) return a.instant < b.instant ? -1 : 1;
  if (a.producerId !== b.producerId) return a.producerId < b.producerId ? -1 : 1;
  if (a.sequence !== b.sequence) return a.sequence - b.sequence;
  if (identifies(a)) return 0;
  if (a.path !== b.path) return a.path < b.path ? -1 : 1;
  return a.offset - b.offset;
}

/** The least key that is greater than `key` and all its copies. */
export function keyAfter(key: RecordKey): RecordKey {
  return identifies(key) ? { ...key, sequence: key.sequence + 1 } : { ...key, offset: key.offset + 1 };
}

/** The least key of an instant: everything before the instant is below it, nothing at or after it is. */
export function firstKeyAt(instant: bigint): RecordKey {
  return { instant, producerId: "", sequence: -1, path: "", offset: -1 };
}

/** The greater of two keys; `undefined` counts as below all. */
export function laterKey(a: RecordKey | undefined, b: RecordKey | undefined): RecordKey | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return compareKeys(a, b) >= 0 ? a : b;
}

export function keyToData(key: RecordKey): RecordKeyData {
  return { ...key, instant: String(key.instant) };
}

export function keyFromData(data: RecordKeyData): RecordKey {
  return { ...data, instant: BigInt(data.instant) };
}

/** Producer and sequence together name one record for good. */
function identifies(key: RecordKey): boolean {
  return key.producerId !== "" && key.sequence >= 0;
}
