import type { FileSystem, RemovedRange } from "@prodigy-events/storage";
import type { ContentFile } from "../content/content-file.js";
import { wholeContent } from "../content/whole-content.js";
import { compareKeys, type RecordKey } from "../inventory/record-key.js";
import { ScanCounts, scanRecords } from "../inventory/scan-records.js";

/** What to split, and where to. */
export interface SplitRequest {
  /** The file, wherever it is by now. */
  path: string;
  /** The path that it had when it was planned, by which its records are ordered. */
  keyPath: string;
  /** The job that records without a job id belong to. */
  jobId: string | undefined;
  jobIds: readonly string[] | undefined;
  /** Records below this key are taken out. */
  keepFrom: RecordKey;
  /** Takes everything else, byte for byte. */
  kept: ContentFile;
  /** Takes the lines that are taken out; absent when they are wanted nowhere. */
  removed: ContentFile | undefined;
  fs: FileSystem;
  signal: AbortSignal | undefined;
}

/** What was taken out, in bytes of the content that was split, by ascending offset. */
export interface Split {
  removedRanges: RemovedRange[];
  removedBytes: number;
  removedRecords: number;
}

/**
 * Copies the content of a segment into two files: the lines of the records that go, and all other bytes. Both in
 * their order, in bounded memory.
 */
export async function splitSegment(request: SplitRequest): Promise<Split> {
  const { path, kept, removed, fs } = request;
  const split: Split = { removedRanges: [], removedBytes: 0, removedRecords: 0 };
  const content = new ContentCursor(wholeContent(path, fs));
  try {
    for await (const range of removedRanges(request)) {
      await content.copyUpTo(range.offset, kept);
      await content.copyUpTo(range.offset + range.length, removed);
      split.removedRanges.push(range);
      split.removedBytes += range.length;
      split.removedRecords += range.lines;
    }
    await content.copyUpTo(Number.POSITIVE_INFINITY, kept);
  } finally {
    await content.close();
  }
  return split;
}

/** The runs of adjacent lines that go. */
async function* removedRanges(request: SplitRequest): AsyncGenerator<RemovedRange, void> {
  const { path, keyPath, jobId, jobIds, keepFrom, fs, signal } = request;
  let run: RemovedRange | undefined;
  const scan = scanRecords({ source: path, keyPath, jobId, jobIds, fs, signal }, new ScanCounts());
  for await (const batch of scan) {
    for (const { key, bytes } of batch) {
      if (compareKeys(key, keepFrom) >= 0) continue;
      if (run !== undefined && run.offset + run.length === key.offset) {
        run.length += bytes;
        run.lines += 1;
        continue;
      }
      if (run !== undefined) yield run;
      run = { offset: key.offset, length: bytes, lines: 1 };
    }
  }
  if (run !== undefined) yield run;
}

/** Reads content once from start to end, in steps of any length. */
class ContentCursor {
  readonly #pieces: AsyncGenerator<Buffer, void>;
  #piece: Buffer = Buffer.alloc(0);
  #offset = 0;

  constructor(pieces: AsyncGenerator<Buffer, void>) {
    this.#pieces = pieces;
  }

  /** Copies from where the last copy ended, to nowhere when there is no target. Ends early where the content ends. */
  async copyUpTo(offset: number, target: ContentFile | undefined): Promise<void> {
    while (this.#offset < offset) {
      if (this.#piece.length === 0) {
        const next = await this.#pieces.next();
        if (next.done) return;
        this.#piece = next.value;
      }
      const bytes = this.#piece.subarray(0, Math.min(this.#piece.length, offset - this.#offset));
      await target?.write(bytes);
      this.#piece = this.#piece.subarray(bytes.length);
      this.#offset += bytes.length;
    }
  }

  async close(): Promise<void> {
    await this.#pieces.return(undefined);
  }
}
