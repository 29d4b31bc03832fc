import { decodeLine, type EventRecord } from "@prodigy-events/schema";
import {
  type Checksums,
  type FileSystem,
  type LineProblem,
  readLines,
  type Segment,
} from "@prodigy-events/storage";
import type { QueryProblemReason } from "../report/query-report.js";
import { ContentWatch } from "./content-watch.js";
import type { FindingKind } from "./finding.js";

/** A line that is a record. */
export interface RecordLine {
  readonly record: EventRecord;
  readonly text: string;
  readonly offset: number;
  /** In bytes, without the line feed. */
  readonly length: number;
  /** From 1. Works until the next lines are read. */
  line(): number;
}

/** A line, or what is left of one, that is no record; or damaged compression, which is no line. */
export interface BadLine {
  readonly kind: Extract<
    FindingKind,
    "malformed_line" | "torn_tail" | "nul_tail" | "pending_tail" | "damaged_compression"
  >;
  readonly offset: number;
  readonly length: number;
  readonly line: number | undefined;
  readonly reason: QueryProblemReason;
  readonly message: string;
  readonly preview: string;
  /** Whether a line feed follows it. */
  readonly isEnded: boolean;
}

/** How a segment is read through. */
export interface ReadThroughOptions {
  readonly fs: FileSystem;
  readonly signal: AbortSignal | undefined;
  /** Whether it was closed before the reading began: a tail is torn then. */
  readonly isClosed: boolean;
  /** Bytes per CRC-32. */
  readonly blockBytes: number | undefined;
  /** Is given the records in their order, some at a time. */
  onRecords(records: readonly RecordLine[]): Promise<void> | void;
  onBadLine(bad: BadLine): void;
}

/** What one pass over a segment has found. */
export interface ReadThrough {
  readonly checksums: Checksums;
  /** Bytes of content that could be read. */
  readonly bytes: number;
  readonly records: number;
  readonly malformed: number;
  readonly torn: number;
  readonly pending: number;
  readonly blank: number;
  /** Bytes that are in no line: of blank lines with their ends, and of a byte order mark. */
  readonly skippedBytes: number;
  /** Whether compressed data was damaged. */
  readonly isDamaged: boolean;
}

/**
 * Reads a segment once, in bounded memory: judges every line, and sums up all of the content.
 *
 * @throws StorageError when the file cannot be opened or read; the signal's reason
 */
export async function readThrough(segment: Segment, options: ReadThroughOptions): Promise<ReadThrough> {
  const content = new ContentWatch(options.blockBytes);
  const counts = { records: 0, malformed: 0, torn: 0, pending: 0, blank: 0, skippedBytes: 0 };
  const tails: (LineProblem & { line: number })[] = [];
  let isDamaged = false;
  /** Bytes of a byte order mark that was skipped: one that begins a bad line is part of that. */
  let markLength = 0;

  const malformed = (problem: Omit<BadLine, "kind" | "isEnded">, isEnded: boolean) => {
    counts.malformed++;
    options.onBadLine({ ...problem, kind: "malformed_line", isEnded });
  };
  const onProblem = (problem: LineProblem) => {
    if (problem.offset === 0 && problem.reason !== "compression") markLength = 0;
    if (problem.reason === "tail") tails.push({ ...problem, line: content.lineAt(problem.offset) });
    else if (problem.reason !== "compression")
      malformed({ ...problem, line: content.lineAt(problem.offset) }, true);
    else {
      isDamaged = true;
      options.onBadLine({ ...problem, kind: "damaged_compression", line: undefined, isEnded: false });
    }
  };
  const onBlank = (_offset: number, length: number) => {
    counts.blank++;
    counts.skippedBytes += length + 1;
  };
  const onContent = (piece: { offset: number; bytes: Buffer }) => {
    if (piece.offset === 0) markLength = lengthOfMark(piece.bytes);
    content.show(piece);
  };
  const reading = { fs: options.fs, onProblem, onBlank, onContent };
  for await (const lines of readLines(segment, {
    ...reading,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  })) {
    const records: RecordLine[] = [];
    for (const { text, offset, length } of lines) {
      const decoded = decodeLine(text);
      const line = () => content.lineAt(offset);
      if (decoded.ok) records.push({ record: decoded.record, text, offset, length, line });
      else {
        const { reason, message } = decoded;
        malformed({ offset, length, line: line(), reason, message, preview: previewOf(text) }, true);
      }
    }
    counts.records += records.length;
    if (records.length > 0) await options.onRecords(records);
  }
  for (const tail of tails) {
    if (tail.offset + tail.length < content.endOffset) {
      malformed({ ...tail, message: "the line is cut off by damage" }, false);
      continue;
    }
    const kind = kindOfTail(content.endsInNul, options.isClosed);
    counts[kind === "pending_tail" ? "pending" : "torn"]++;
    options.onBadLine({ ...tail, kind, message: tailMessages[kind], isEnded: false });
  }
  counts.skippedBytes += markLength;
  return { ...counts, checksums: content.checksums(), bytes: content.shownBytes, isDamaged };
}

/** NULs are what a power failure leaves; no writer finishes those. */
function kindOfTail(endsInNul: boolean, isClosed: boolean): "nul_tail" | "torn_tail" | "pending_tail" {
  if (endsInNul) return "nul_tail";
  return isClosed ? "torn_tail" : "pending_tail";
}

const tailMessages = {
  nul_tail: "the last line is torn and ends in NUL bytes, as after a power failure",
  torn_tail: "the last line is torn: it has no line end, and its producer is gone",
  pending_tail: "the last line has no line end yet",
} as const;

function lengthOfMark(bytes: Buffer): 0 | 3 {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
}

const previewBytes = 60;

function previewOf(text: string): string {
  return Buffer.from(text.slice(0, previewBytes)).subarray(0, previewBytes).toString();
}
