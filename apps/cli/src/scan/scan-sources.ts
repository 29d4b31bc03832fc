import type { SecretScanner } from "@prodigy-events/logger";
import type { SourceSegment } from "@prodigy-events/query";
import { decodeLine, type EventRecord } from "@prodigy-events/schema";
import { rawLines } from "./raw-lines.js";

/** A secret in a file. Nothing in it shows the secret. */
export interface StoredSecret {
  readonly path: string;
  /** Of the line, in bytes of the uncompressed content. */
  readonly offset: number;
  /** The record's id and type; undefined when the line is no record. */
  readonly id: string | undefined;
  readonly eventType: string | undefined;
  /** The field; empty when the line is no JSON. */
  readonly field: string;
  readonly kind: string;
  readonly preview: string;
}

/** How far a scan has come, and what it could not read. */
export class ScanProgress {
  bytesRead = 0;
  records = 0;
  malformed = 0;
  /** Files that could not be read to the end, and why. */
  readonly unreadable: { readonly path: string; readonly message: string }[] = [];
}

/** What is looked for, and where. */
export interface ScanRequest {
  readonly segments: readonly SourceSegment[];
  readonly scanner: SecretScanner;
  /** Lines that are no records are always looked at: there is nothing to tell whether they are wanted. */
  accepts(record: EventRecord, line: string): boolean;
}

/**
 * The secrets in the lines of some segments, file by file, as they stand in them: also in records that are there twice. A
 * file that cannot be read is noted, and the others are read all the same.
 */
export async function* scanSources(
  { segments, scanner, accepts }: ScanRequest,
  progress: ScanProgress,
): AsyncGenerator<StoredSecret, void> {
  for (const source of segments) {
    const { path } = source;
    const note = ({ message }: { readonly message: string }): void =>
      void progress.unreadable.push({ path, message });
    try {
      for await (const { offset, text, bytes } of rawLines(source.segment, note)) {
        progress.bytesRead += bytes;
        const record = recordIn(text, source);
        if (record === undefined) progress.malformed += text.trim() === "" ? 0 : 1;
        else progress.records += 1;
        if (record !== undefined && !accepts(record, text)) continue;
        const findings = scanner.scan(text);
        const isSafe = (field: string) => findings.every(({ path: found }) => found !== field);
        for (const { path: field, kind, preview } of findings) {
          yield {
            path,
            offset,
            id: isSafe("id") ? record?.id : undefined,
            eventType: isSafe("event.event_type") ? record?.event.event_type : undefined,
            field,
            kind,
            preview,
          };
        }
      }
    } catch (error) {
      note({ message: error instanceof Error ? error.message : String(error) });
    }
  }
}

function recordIn(text: string, { jobId }: SourceSegment): EventRecord | undefined {
  const decoded = decodeLine(text);
  if (!decoded.ok) return undefined;
  if (jobId !== undefined) decoded.record.event.job_id ??= jobId;
  return decoded.record;
}
