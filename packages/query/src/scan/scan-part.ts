import { RangeFile, type Segment, type SegmentRange } from "@prodigy-events/storage";
import type { PlannedSegment, QueryPlan } from "../plan/query-plan.js";
import type { NumberRun } from "../read/copy-filter.js";
import type { TimeSpan } from "../read/time-order.js";
import type { ReportCounts } from "../report/report-builder.js";
import type { IndexPiece } from "../segment-index/index-piece.js";
import type { CountedGroups, FoundLines } from "./scan-job.js";

/** A stretch of a segment that a thread scans by itself. Plain data. */
export interface ScanPart {
  /** The segment's number in the plan. */
  readonly file: number;
  readonly path: string;
  readonly dev: number;
  readonly ino: number;
  /** The path that reports name. */
  readonly reportedPath: string;
  readonly jobId: string | undefined;
  readonly repo: string | undefined;
  /** Whose chain it belongs to; `undefined` for a file of anybody. */
  readonly producerId: string | undefined;
  /** Whether an index is to be made of the segment. */
  readonly wantsIndex: boolean;
  /** Whether the segment is as its writer sealed it. */
  readonly isSealed: boolean;
  readonly range: SegmentRange;
}

/** What a thread found in a part of which it could read every line. */
export interface PartAnswer {
  /** After the last line. */
  readonly end: number;
  /** Bytes of an unfinished line that stand there, which have not been counted. */
  readonly tailBytes: number;
  readonly report: ReportCounts;
  /** The numbers and times of a chain's records. */
  readonly numbers: NumberRun | undefined;
  readonly times: TimeSpan | undefined;
  readonly found: CountedGroups | FoundLines;
  /** False if the numbers of a chain's records do not follow each other: then nothing but `piece` is to be used. */
  readonly isRegular: boolean;
  /** What its lines contribute to an index of the segment, if one was wanted. */
  readonly piece: IndexPiece | undefined;
}

/** The answers for the parts of one unit, in their order; `undefined` for a part that has to be read with more care. */
export type UnitAnswer = readonly (PartAnswer | undefined)[];

/** What of a segment has to be scanned. */
export interface ScanWish {
  /** The first line. */
  readonly start: number;
  readonly wantsIndex: boolean;
  readonly isSealed: boolean;
}

/** Parts that one thread scans in one go: a large one, or many small ones. */
export type ScanUnit = readonly ScanPart[];

/** What a plan has been cut into, and how much work it is, in bytes of plain content. */
export interface CutPlan {
  readonly units: readonly ScanUnit[];
  readonly work: number;
}

/**
 * Cuts what a plan reads into units of about `unitBytes`, in the order in which their answers are put together. A
 * segment that cannot be cut is left out.
 *
 * @param wishOf what of a segment has to be scanned; `undefined` for nothing
 */
export function cutPlan(
  plan: QueryPlan,
  unitBytes: number,
  wishOf: (planned: PlannedSegment) => ScanWish | undefined = () => ({
    ...{ start: 0, wantsIndex: false, isSealed: false },
  }),
): CutPlan {
  const units: ScanUnit[] = [];
  let work = 0;
  let unit: ScanPart[] = [];
  let bytes = 0;
  const finish = () => {
    if (unit.length > 0) units.push(unit);
    unit = [];
    bytes = 0;
  };
  for (const { planned, producerId } of segmentsInOrder(plan)) {
    const { segment } = planned.source;
    const wish = wishOf(planned);
    if (!wish) continue;
    const { start, wantsIndex, isSealed } = wish;
    for (const range of rangesOf(planned, unitBytes, start)) {
      const { dev, ino, path } = segment;
      const { path: reportedPath, jobId, repo } = planned.source;
      const place = { file: planned.file, path, dev, ino, reportedPath, jobId, repo, producerId };
      unit.push({ ...place, wantsIndex, isSealed, range });
      bytes += contentBytes(range, segment);
      work +=
        contentBytes(range, segment) * (range.members || segment.state === "compressed" ? inflationWork : 1);
      if (bytes >= unitBytes) finish();
    }
  }
  finish();
  return { units, work };
}

/** How much longer it takes to inflate and check content, and then to scan it, than to scan it. */
const inflationWork = 3;
/** What compressed events inflate to, for those whose members have not been looked at. */
const usualInflation = 8;

function contentBytes({ start, end }: SegmentRange, { bytes, state }: Segment): number {
  if (end !== Number.POSITIVE_INFINITY) return end - start;
  return state === "compressed" ? bytes * usualInflation : Math.max(0, bytes - start);
}

/** A segment in the order of a scan. */
export interface ScannedSegment {
  readonly planned: PlannedSegment;
  /** Whose chain it belongs to; `undefined` for a file of anybody. */
  readonly producerId: string | undefined;
  /** Whether a chain begins with it, or it is a file by itself. */
  readonly isFirst: boolean;
}

/** The segments of a plan, chain by chain and then file by file: the order of every scan. */
export function* segmentsInOrder({ chains, files }: QueryPlan): Generator<ScannedSegment> {
  for (const { producerId, segments } of chains) {
    for (const [at, planned] of segments.entries()) yield { planned, producerId, isFirst: at === 0 };
  }
  for (const planned of files) yield { planned, producerId: undefined, isFirst: true };
}

function rangesOf(
  { source: { segment }, endOffset }: PlannedSegment,
  rangeBytes: number,
  from: number,
): SegmentRange[] {
  if (endOffset !== undefined) return [];
  // Whether a small compressed segment inflates to much is found out by whoever reads it.
  if (segment.bytes - from <= rangeBytes) return [{ start: from, end: Number.POSITIVE_INFINITY }];
  let file: RangeFile | undefined;
  try {
    file = RangeFile.open(segment);
    return file?.cut(rangeBytes, from) ?? [];
  } catch {
    return []; // what keeps it from being read is reported by the reader that meets it next
  } finally {
    file?.close();
  }
}
