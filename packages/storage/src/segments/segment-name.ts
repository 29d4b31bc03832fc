import { StorageError } from "../errors/storage-error.js";

/**
 * What a file's name says about the segment in it. The content may differ: Prodigy names plain text `.gz`, so
 * readers look at magic bytes, never at this.
 */
export type SegmentState = "plain" | "rotated" | "compressed" | "backup";

/**
 * Who writes a segment: `own`, one producer of ours; `shared`, many processes that append whole lines;
 * `foreign`, anybody else, such as Prodigy.
 */
export type SegmentKind = "own" | "shared" | "foreign";

/** A segment's file name, taken apart. */
export interface SegmentName {
  /**
   * What identifies the segment in its directory whatever its state. Own and shared: the name up to and including
   * `.jsonl`. Foreign: the whole file name, less a final `.bak`.
   */
  logicalName: string;
  state: SegmentState;
  kind: SegmentKind;
  /** Own segments: when the segment was created, milliseconds since the Unix epoch; no bound for its records' times. */
  createdAtMs?: number;
  /** Own segments: who wrote it. */
  producerId?: string;
  /**
   * Foreign segments that `clean` made: the segment whose lines they hold, which it had taken out of that. The numbers of
   * those lines may lie between those of the lines that stayed.
   */
  partOf?: SegmentOrigin;
}

/** Which segment of ours it was: a producer creates no two in one millisecond. */
export interface SegmentOrigin {
  createdAtMs: number;
  producerId: string;
}

/** The file that `emit`, and others who append single lines, share in a job directory. */
export const sharedSegmentName = "events-shared.jsonl";

const ownStem = /^events-(\d{8}_\d{6}_\d{3})-([a-z0-9]{4,64})((?:\.part-[0-9a-f]{16})*)\.jsonl$/;
const sharedStem = /^(?:events-shared|mapreduce_events)(?:-\d{8}_\d{6}_\d{3})?\.jsonl$/;
const segmentFile = /^([^.].*?\.jsonl)((?:\.(?:rotated|gz|zst|bak))*)$/s;
const producerIdPattern = /^[a-z0-9]{4,64}$/;

/**
 * Takes a file name apart: `….jsonl`, then any of `.rotated`, `.gz`, `.zst` and `.bak`. `undefined` for every other
 * name, in particular those that begin with a dot.
 */
export function parseSegmentName(fileName: string): SegmentName | undefined {
  const [, stem, suffix] = segmentFile.exec(fileName) ?? [];
  if (stem === undefined || suffix === undefined) return undefined;
  const state = stateOf(suffix);
  if (sharedStem.test(stem)) return { logicalName: stem, state, kind: "shared" };
  const foreign = { logicalName: fileName.replace(/\.bak$/, ""), state, kind: "foreign" } as const;
  const [, time = "", producerId = "", parts] = ownStem.exec(stem) ?? [];
  const createdAtMs = parseSegmentTime(time);
  if (createdAtMs === undefined) return foreign;
  const origin = { createdAtMs, producerId };
  return parts === "" ? { logicalName: stem, state, kind: "own", ...origin } : { ...foreign, partOf: origin };
}

function stateOf(suffix: string): SegmentState {
  if (suffix.endsWith(".bak")) return "backup";
  if (/\.(gz|zst)/.test(suffix)) return "compressed";
  return suffix === "" ? "plain" : "rotated";
}

/**
 * The name of a new segment of `producerId`, created at `createdAtMs` (milliseconds since the Unix epoch):
 * `events-20261122_063000_123-k3f9a1c2.jsonl`.
 *
 * @throws StorageError `INVALID_NAME` for a producer id that is not 4 to 64 of `a-z` and `0-9`, or a time outside
 *   the years 0 to 9999
 */
export function formatSegmentName(createdAtMs: number, producerId: string): string {
  if (!producerIdPattern.test(producerId)) {
    const message = `${JSON.stringify(producerId)} is not a producer id; use 4 to 64 lower-case letters and digits`;
    throw new StorageError("INVALID_NAME", message);
  }
  return `events-${formatSegmentTime(createdAtMs)}-${producerId}.jsonl`;
}

/**
 * The logical name that a shared file gets when it is set aside at `asideAtMs`, so that its appenders begin a new
 * one: `events-shared.jsonl` becomes `events-shared-20261122_063000_123.jsonl`.
 */
export function formatAsideName(sharedLogicalName: string, asideAtMs: number): string {
  const stem = sharedLogicalName.replace(/(?:-\d{8}_\d{6}_\d{3})?\.jsonl$/, "");
  return `${stem}-${formatSegmentTime(asideAtMs)}.jsonl`;
}

/** UTC as `YYYYMMDD_HHMMSS_mmm`. */
function formatSegmentTime(epochMs: number): string {
  const text =
    Number.isFinite(epochMs) && Math.abs(epochMs) <= 8.64e15 ? new Date(epochMs).toISOString() : "";
  if (text.length !== 24) {
    throw new StorageError(
      "INVALID_NAME",
      `${epochMs} is not a time in ms that a segment name can hold; check the clock`,
    );
  }
  return text.replace(/^(\d+)-(\d+)-(\d+)T(\d+):(\d+):(\d+)\.(\d+)Z$/, "$1$2$3_$4$5$6_$7");
}

/** `undefined` for a text of the right shape that is no real date, such as 30 February. */
function parseSegmentTime(text: string): number | undefined {
  const iso = text.replace(/^(\d{4})(\d\d)(\d\d)_(\d\d)(\d\d)(\d\d)_(\d{3})$/, "$1-$2-$3T$4:$5:$6.$7Z");
  const epochMs = Date.parse(iso);
  return Number.isNaN(epochMs) || new Date(epochMs).toISOString() !== iso ? undefined : epochMs;
}
