import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { type EventRecord, normalizeEventType, parseTimestamp } from "@prodigy-events/schema";
import type { Segment } from "@prodigy-events/storage";

/** A record as the oracle found it. */
export interface OracleRecord {
  readonly record: EventRecord;
  readonly line: string;
  readonly path: string;
  readonly offset: number;
}

/** What a plain reader makes of files: everything read, every line parsed. */
export interface OracleAnswer {
  readonly records: OracleRecord[];
  readonly lines: number;
  readonly malformed: number;
  readonly tails: number;
  readonly duplicates: number;
}

/**
 * The plainest reader there is: whole files, `JSON.parse` of every line, one sort. What the engine answers must be
 * this. Copies are looked for among a producer's own segments.
 */
export function readEverything(segments: readonly Segment[]): OracleAnswer {
  const records: OracleRecord[] = [];
  const seen = new Set<string>();
  const answer = { lines: 0, malformed: 0, tails: 0, duplicates: 0 };
  for (const { path, directory, producerId } of [...segments].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    let content: Buffer = readFileSync(path);
    if (content[0] === 0x1f && content[1] === 0x8b) content = gunzipSync(content);
    const byteOrderMark = content.subarray(0, 3).equals(Buffer.from("\ufeff")) ? 3 : 0;
    for (let start = byteOrderMark; start < content.length; ) {
      const end = content.indexOf(0x0a, start);
      if (end === -1) {
        answer.lines++;
        answer.tails++;
        break;
      }
      const bytes = content.subarray(start, end);
      const offset = start;
      start = end + 1;
      if (bytes.toString("latin1").trim() === "") continue;
      answer.lines++;
      const record = parse(bytes);
      if (!record) {
        answer.malformed++;
        continue;
      }
      const { producer_id: producer, sequence } = record.metadata;
      const key = `${directory} ${producer} ${sequence}`;
      if (producerId !== undefined && producer === producerId && typeof sequence === "number") {
        if (seen.has(key)) {
          answer.duplicates++;
          continue;
        }
        seen.add(key);
      }
      records.push({ record, line: bytes.toString(), path, offset });
    }
  }
  return { ...answer, records: records.sort(compare) };
}

function parse(bytes: Buffer): EventRecord | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    if (text.includes("\0")) return undefined;
    const value = JSON.parse(text);
    const isRecord =
      typeof value.id === "string" &&
      typeof value.timestamp === "string" &&
      parseTimestamp(value.timestamp) !== undefined &&
      typeof value.event?.event_type === "string";
    return isRecord ? { correlation_id: "", metadata: {}, ...value } : undefined;
  } catch {
    return undefined; // that it is malformed is all the oracle wants to know
  }
}

function compare(a: OracleRecord, b: OracleRecord): number {
  const [left, right] = [parseTimestamp(a.record.timestamp)!, parseTimestamp(b.record.timestamp)!];
  if (left !== right) return left < right ? -1 : 1;
  const [p, q] = [a.record.metadata.producer_id ?? "", b.record.metadata.producer_id ?? ""];
  if (p !== q) return p < q ? -1 : 1;
  const order = (a.record.metadata.sequence ?? -1) - (b.record.metadata.sequence ?? -1);
  if (order !== 0) return order;
  if (a.path !== b.path) return a.path < b.path ? -1 : 1;
  return a.offset - b.offset;
}

/** Counts by normalised type. */
export function countTypes(records: readonly OracleRecord[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { record } of records) {
    const type = normalizeEventType(record.event.event_type);
    counts.set(type, (counts.get(type) ?? 0) + 1);
  }
  return counts;
}
