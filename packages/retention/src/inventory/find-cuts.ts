import type { FileSystem } from "@prodigy-events/storage";
import { limits } from "../limits.js";
import type { RetentionPolicy } from "../policy/retention-policy.js";
import type { CopyIndex } from "./copy-index.js";
import { findPrefix, millisecondOf, type TimeSpan, type WeightedKey } from "./find-prefix.js";
import { compareKeys, firstKeyAt, keyAfter, type RecordKey } from "./record-key.js";
import { bytesFreedWithLast, isCutByLine, removableBytes, storedBytesInScope } from "./removal-weights.js";
import { ScanCounts, type ScannedRecord, scanRecords } from "./scan-records.js";
import type { SurveyedSegment } from "./survey-segment.js";

/**
 * Where each limit cuts the order of records: those below the key are what it removes. Absent when it removes
 * nothing. `maxBytes` takes a segment that is not cut by line only when all its records are below the key.
 */
export interface Cuts {
  olderThanMs?: RecordKey;
  maxEvents?: RecordKey;
  maxBytes?: RecordKey;
}

/** What was found by reading all segments once. */
export interface Survey {
  nowMs: number;
  segments: readonly SurveyedSegment[];
  copies: CopyIndex;
  jobIds: readonly string[] | undefined;
}

/** How to read again. */
export interface RereadContext {
  fs: FileSystem;
  signal: AbortSignal | undefined;
}

/** Finds where each limit of the policy cuts. Reads segments again where counting and weighing needs it. */
export async function findCuts(
  policy: RetentionPolicy,
  survey: Survey,
  context: RereadContext,
): Promise<Cuts> {
  const { olderThanMs, maxEvents, maxBytes } = policy;
  const byAge =
    olderThanMs === undefined ? undefined : firstKeyAt(nanosOf(survey.nowMs) - nanosOf(olderThanMs));
  const byCount = maxEvents === undefined ? undefined : await cutByCount(maxEvents, survey, context);
  const bySize = maxBytes === undefined ? undefined : await cutBySize(maxBytes, survey, context);
  return {
    ...(byAge === undefined ? {} : { olderThanMs: byAge }),
    ...(byCount === undefined ? {} : { maxEvents: byCount }),
    ...(bySize === undefined ? {} : { maxBytes: bySize }),
  };
}

function nanosOf(milliseconds: number): bigint {
  const whole = Math.trunc(milliseconds);
  return BigInt(whole) * 1_000_000n + BigInt(Math.round((milliseconds - whole) * 1e6));
}

async function cutByCount(
  maxEvents: number,
  survey: Survey,
  context: RereadContext,
): Promise<RecordKey | undefined> {
  // What cannot be read to its end does not count: it stays, and nothing else goes in its stead.
  const counted = survey.segments.filter(({ protection }) => protection !== "unreadable");
  const tooMany = counted.reduce((sum, { distinct }) => sum + distinct, 0) - maxEvents;
  const span = spanOf(counted);
  if (tooMany <= 0 || span === undefined) return undefined;
  return findPrefix(tooMany, span, (within) => countedKeys(within, counted, survey, context), limits);
}

/** Each record weighs 1, its copies nothing. */
async function* countedKeys(
  span: TimeSpan,
  counted: readonly SurveyedSegment[],
  survey: Survey,
  context: RereadContext,
): AsyncGenerator<WeightedKey[]> {
  for (const segment of counted) {
    if (!overlaps(segment, span)) continue;
    const isFirst = survey.copies.reading(segment.segment.path);
    for await (const records of rescan(segment, survey.jobIds, context)) {
      yield records
        .map(({ key }) => ({ key, weight: isFirst(key) ? 1 : 0 }))
        .filter(({ key }) => isWithin(key, span));
    }
  }
}

async function cutBySize(
  maxBytes: number,
  survey: Survey,
  context: RereadContext,
): Promise<RecordKey | undefined> {
  const tooMuch = survey.segments.reduce((sum, segment) => sum + storedBytesInScope(segment), 0) - maxBytes;
  if (tooMuch <= 0) return undefined;
  const removable = survey.segments.filter(({ protection }) => protection === undefined);
  const atMost = removable.reduce((sum, segment) => sum + removableBytes(segment), 0);
  if (atMost < tooMuch) {
    const newest = newestOf(survey.segments);
    return newest === undefined ? undefined : keyAfter(newest); // all together is not enough
  }
  const span = spanOf(removable);
  if (span === undefined) return undefined;
  return findPrefix(tooMuch, span, (within) => weighedKeys(within, removable, survey, context), limits);
}

/** A record weighs the stored bytes that become free with it. */
async function* weighedKeys(
  span: TimeSpan,
  removable: readonly SurveyedSegment[],
  survey: Survey,
  context: RereadContext,
): AsyncGenerator<WeightedKey[]> {
  for (const segment of removable) {
    if (!overlaps(segment, span)) continue;
    const last = { key: segment.newest!, weight: bytesFreedWithLast(segment) };
    if (isWithin(last.key, span)) yield [last];
    if (!isCutByLine(segment)) continue;
    for await (const records of rescan(segment, survey.jobIds, context)) {
      yield records
        .map(({ key, bytes }) => ({ key, weight: bytes }))
        .filter(({ key }) => isWithin(key, span));
    }
  }
}

/** Reads the wanted records of a segment once more, as far as the survey went, wherever the file is by now. */
export function rescan(
  { segment, bytes }: SurveyedSegment,
  jobIds: readonly string[] | undefined,
  { fs, signal }: RereadContext,
): AsyncGenerator<ScannedRecord[], void> {
  const request = {
    source: segment,
    keyPath: segment.path,
    jobId: segment.jobId,
    jobIds,
    endOffset: bytes,
    fs,
    signal,
  };
  return scanRecords(request, new ScanCounts());
}

function spanOf(segments: readonly SurveyedSegment[]): TimeSpan | undefined {
  let span: TimeSpan | undefined;
  for (const { oldest, newest } of segments) {
    if (oldest === undefined || newest === undefined) continue;
    const fromMs = Math.min(millisecondOf(oldest.instant), span?.fromMs ?? Number.POSITIVE_INFINITY);
    const toMs = Math.max(millisecondOf(newest.instant) + 1, span?.toMs ?? Number.NEGATIVE_INFINITY);
    span = { fromMs, toMs };
  }
  return span;
}

function newestOf(segments: readonly SurveyedSegment[]): RecordKey | undefined {
  return segments.reduce<RecordKey | undefined>(
    (newest, segment) =>
      newest === undefined || (segment.newest !== undefined && compareKeys(segment.newest, newest) > 0)
        ? segment.newest
        : newest,
    undefined,
  );
}

function overlaps({ oldest, newest }: SurveyedSegment, { fromMs, toMs }: TimeSpan): boolean {
  if (oldest === undefined || newest === undefined) return false;
  return millisecondOf(newest.instant) >= fromMs && millisecondOf(oldest.instant) < toMs;
}

function isWithin({ instant }: RecordKey, { fromMs, toMs }: TimeSpan): boolean {
  const ms = millisecondOf(instant);
  return ms >= fromMs && ms < toMs;
}
