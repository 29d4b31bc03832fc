import { decodeLine, type EventRecord, jobIdOf, parseTimestamp } from "@prodigy-events/schema";
import {
  type FileSystem,
  type LineProblem,
  readLines,
  type Segment,
  type SequenceRange,
} from "@prodigy-events/storage";
import type { RecordKey } from "./record-key.js";

/** A record as retention sees it: its place in the order, and its line's size. */
export interface ScannedRecord {
  key: RecordKey;
  /** Bytes of its line with the line end. */
  bytes: number;
  /** Numbers before its own that the record says were dropped. */
  dropped?: SequenceRange;
}

/** What to scan. */
export interface ScanRequest {
  /** The segment; or the path of its file, which then must be there and is not looked for elsewhere. */
  source: Segment | string;
  /** The path that keys carry; stays the same when the file is renamed. */
  keyPath: string;
  /** The job that records without a job id belong to. */
  jobId: string | undefined;
  /** When given, only records of these jobs are returned. */
  jobIds: readonly string[] | undefined;
  /** Reads as if the uncompressed content ended here. */
  endOffset?: number | undefined;
  fs: FileSystem;
  signal: AbortSignal | undefined;
}

/** What a scan met besides the records that it returned. Complete when the scan has ended. */
export class ScanCounts {
  /** All records, wanted or not. */
  records = 0;
  /** Lines that are not records, a last line without its line end included. */
  malformed = 0;
  /** In words, why the file could not be read to its end. */
  damage: string | undefined;
}

/**
 * The records of a segment in file order, in bounded memory. What is not a record is counted in `counts`; a line
 * is a record when `decodeLine` takes it, so a line without a valid timestamp is not.
 */
export async function* scanRecords(
  request: ScanRequest,
  counts: ScanCounts,
): AsyncGenerator<ScannedRecord[], void> {
  const { source, endOffset, fs, signal } = request;
  const onProblem = ({ reason, message }: LineProblem) => {
    if (reason === "compression") counts.damage ??= message;
    else counts.malformed += 1;
  };
  const lines = readLines(source, {
    fs,
    closed: true,
    onProblem,
    ...(endOffset === undefined ? {} : { endOffset }),
    ...(signal === undefined ? {} : { signal }),
  });
  for await (const batch of lines) {
    const wanted: ScannedRecord[] = [];
    for (const { text, offset, length } of batch) {
      const decoded = decodeLine(text);
      const instant = decoded.ok ? parseTimestamp(decoded.record.timestamp) : undefined;
      if (!decoded.ok || instant === undefined) {
        counts.malformed += 1;
        continue;
      }
      counts.records += 1;
      if (!isWanted(decoded.record, request)) continue;
      const { producer_id: producerId, sequence } = decoded.record.metadata;
      const key = {
        instant,
        producerId: typeof producerId === "string" ? producerId : "",
        sequence: Number.isSafeInteger(sequence) && sequence! >= 0 ? sequence! : -1,
        path: request.keyPath,
        offset,
      };
      const dropped = droppedBy(decoded.record, key);
      wanted.push({ key, bytes: length + 1, ...(dropped === undefined ? {} : { dropped }) });
    }
    if (wanted.length > 0) yield wanted;
  }
}

function droppedBy({ event }: EventRecord, { producerId, sequence }: RecordKey): SequenceRange | undefined {
  const first = event.event_type === "events_dropped" ? event.from_sequence : undefined;
  if (!Number.isSafeInteger(first) || (first as number) < 0 || producerId === "") return undefined;
  return (first as number) < sequence
    ? { producerId, first: first as number, last: sequence - 1 }
    : undefined;
}

function isWanted(record: EventRecord, { jobIds, jobId }: ScanRequest): boolean {
  if (jobIds === undefined) return true;
  const own = jobIdOf(record.event) ?? jobId;
  return own !== undefined && jobIds.includes(own);
}
