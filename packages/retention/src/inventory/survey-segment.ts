import { errnoOf, type FileSystem, listMembers, StorageError } from "@prodigy-events/storage";
import { contentSums } from "../content/content-sums.js";
import { type Encoding, encodingOf } from "../content/encoding.js";
import { wholeContent } from "../content/whole-content.js";
import type { CopyIndex } from "./copy-index.js";
import type { SegmentFacts } from "./examine-segment.js";
import type { Tally } from "./inventory.js";
import { compareKeys, type RecordKey } from "./record-key.js";
import { ScanCounts, type ScannedRecord, type ScanRequest, scanRecords } from "./scan-records.js";
import { TallyBuilder } from "./tally.js";

/** What is known about a segment after it was read once. */
export interface SurveyedSegment extends SegmentFacts {
  encoding: Encoding;
  /** Uncompressed. */
  bytes: number;
  /** All records, wanted or not. */
  records: number;
  malformed: number;
  /** The records that the scope is about. */
  wanted: Tally;
  /** How many of them are not copies of records met before, here or in an earlier segment. */
  distinct: number;
  oldest: RecordKey | undefined;
  newest: RecordKey | undefined;
}

/** How a survey reads, and who is told of each wanted record. */
export interface SurveyContext {
  jobIds: readonly string[] | undefined;
  fs: FileSystem;
  signal: AbortSignal | undefined;
  /** Notes all records, to tell which are copies of others. */
  copies: CopyIndex;
}

/**
 * Reads a segment once. One that cannot be read, or not to its end, becomes protected; only that the file is not
 * there any more is an error (`ENOENT`).
 */
export async function surveySegment(facts: SegmentFacts, context: SurveyContext): Promise<SurveyedSegment> {
  const { fs, signal } = context;
  const counts = new ScanCounts();
  const tally = new TallyBuilder();
  let span: RecordSpan = { oldest: undefined, newest: undefined };
  let encoding: Encoding = "plain";
  let bytes = 0;
  let distinct = 0;
  let { protection } = facts;
  try {
    encoding = await encodingOf(facts.segment.path, fs);
    for await (const batch of scanRecords(requestFor(facts, encoding, context), counts)) {
      for (const record of batch) if (context.copies.note(record.key, tally.add(record))) distinct += 1;
      span = batch.reduce(extend, span);
    }
    if (counts.damage !== undefined) protection = "unreadable";
    else {
      bytes = await contentBytes(facts, encoding, fs);
      if (!(await statesAgree(facts, fs))) protection = "states-differ";
    }
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof StorageError) || errnoOf(error) === "ENOENT") throw error;
    protection = "unreadable";
  }
  const { records, malformed } = counts;
  const wanted = tally.finish();
  return { ...facts, protection, encoding, bytes, records, malformed, wanted, distinct, ...span };
}

interface RecordSpan {
  oldest: RecordKey | undefined;
  newest: RecordKey | undefined;
}

function extend(span: RecordSpan, { key }: ScannedRecord): RecordSpan {
  if (span.oldest === undefined || span.newest === undefined) return { oldest: key, newest: key };
  if (compareKeys(key, span.newest) > 0) return { oldest: span.oldest, newest: key };
  return compareKeys(key, span.oldest) < 0 ? { oldest: key, newest: span.newest } : span;
}

/** A plain file is read as far as it went when it was examined, whatever is appended meanwhile. */
function requestFor(
  { segment, files }: SegmentFacts,
  encoding: Encoding,
  context: SurveyContext,
): ScanRequest {
  const { jobIds, fs, signal } = context;
  const endOffset = encoding === "plain" ? files[0]!.bytes : undefined;
  const place = { source: segment.path, keyPath: segment.path, jobId: segment.jobId };
  return { ...place, jobIds, endOffset, fs, signal };
}

async function contentBytes(
  { segment, files }: SegmentFacts,
  encoding: Encoding,
  fs: FileSystem,
): Promise<number> {
  if (encoding === "plain") return files[0]!.bytes;
  const last = (await listMembers(segment.path, fs))?.at(-1);
  if (last !== undefined) return last.logicalOffset + last.logicalBytes;
  let bytes = 0;
  for await (const piece of wholeContent(segment.path, fs)) bytes += piece.length;
  return bytes;
}

/** Copies of a segment in other states are left by a crash, and equal; anything else is not for us to judge. */
async function statesAgree({ files }: SegmentFacts, fs: FileSystem): Promise<boolean> {
  const [read, ...others] = files;
  if (others.length === 0) return true;
  const { sha256 } = await contentSums(read!.path, fs);
  for (const { path } of others) {
    if ((await contentSums(path, fs)).sha256 !== sha256) return false;
  }
  return true;
}
