/** A byte range of the original segment, in uncompressed bytes, that clean took out of it. */
export interface RemovedRange {
  offset: number;
  length: number;
  lines: number;
}

/** What the writer states about a segment when it closes it. Sizes and sums are of the uncompressed content. */
export interface Manifest {
  version: 1;
  /** The logical segment: the file name up to and including `.jsonl`. */
  segment: string;
  producerId: string;
  bytes: number;
  /** Number of `\n`. */
  lines: number;
  /** First and last `metadata.sequence`; of an empty segment, the next sequence and that less one. */
  firstSequence: number;
  lastSequence: number;
  /** As written in the first and last record. */
  firstTimestamp?: string;
  lastTimestamp?: string;
  /** Lower-case hex. */
  sha256: string;
  blockBytes: number;
  /** CRC-32 of each `blockBytes` of content, the last block being what is left. */
  blockCrc32: number[];
  /**
   * True if the writer itself states this, who has encoded every line as a record of the producer. Whoever states what he
   * has read (recovery, clean) does not say so: a line may be damaged.
   */
  onlyRecords?: boolean;
  /** RFC 3339. */
  createdAt: string;
  closedAt: string;
  /** What clean removed when it wrote this state of the segment, by ascending offset. */
  removed?: RemovedRange[];
  /**
   * The content before clean cut the segment: after a crash between the new manifest and the new content it is still
   * in place.
   */
  supersedes?: SupersededContent;
}

/** A former content of a segment, and what had been removed from it before. */
export interface SupersededContent {
  bytes: number;
  /** Lower-case hex. */
  sha256: string;
  removed: RemovedRange[];
}

/** The manifest in parsed JSON, or what is wrong with it in words. */
export function parseManifest(content: Record<string, unknown>): Manifest | string {
  for (const [key, isValid] of Object.entries(memberChecks)) {
    if (!isValid(content[key])) return `its member "${key}" is wrong`;
  }
  const manifest = content as unknown as Manifest;
  if (manifest.blockCrc32.length !== Math.ceil(manifest.bytes / manifest.blockBytes)) {
    return `it has ${manifest.blockCrc32.length} block sums for ${manifest.bytes} bytes`;
  }
  return manifest;
}

type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === "string";
const isCount: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const isCrc32: Check = (value) => isCount(value) && (value as number) <= 0xffff_ffff;
const isRange: Check = (value) => {
  const { offset, length, lines } = (value ?? {}) as Partial<RemovedRange>;
  return isCount(offset) && isCount(length) && isCount(lines);
};
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);

const isSha256: Check = (value) => typeof value === "string" && /^[0-9a-f]{64}$/.test(value);
const isSuperseded: Check = (value) => {
  const { bytes, sha256, removed } = (value ?? {}) as Partial<SupersededContent>;
  return isCount(bytes) && isSha256(sha256) && listOf(isRange)(removed);
};

const memberChecks: Readonly<Record<keyof Manifest, Check>> = {
  version: (value) => value === 1,
  segment: isText,
  producerId: isText,
  bytes: isCount,
  lines: isCount,
  firstSequence: isCount,
  lastSequence: (value) => Number.isSafeInteger(value) && (value as number) >= -1,
  firstTimestamp: optional(isText),
  lastTimestamp: optional(isText),
  sha256: isSha256,
  blockBytes: (value) => isCount(value) && value !== 0,
  blockCrc32: listOf(isCrc32),
  createdAt: isText,
  closedAt: isText,
  onlyRecords: optional((value) => typeof value === "boolean"),
  removed: optional(listOf(isRange)),
  supersedes: optional(isSuperseded),
};
