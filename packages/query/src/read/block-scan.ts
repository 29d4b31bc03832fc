import { type ContentPiece, limits as storageLimits } from "@prodigy-events/storage";
import type { Block } from "../plan/block-runs.js";
import { InstantReader } from "../time/instant-reader.js";
import { canonicalHeadBytes, readCanonicalInstant, readLineInstant } from "./line-instant.js";

const lineEnd = 0x0a;

/**
 * Finds out in what time order the lines of a file are: it cuts the file into blocks of about a piece each, and keeps
 * of every block the earliest and latest time. Blocks end, where they can, at a place where everything before is
 * earlier than everything after. Feed the pieces of the file's content in their order, then `finish`.
 *
 * No line is made a string of: where a line begins as it usually does, its first bytes are all that is looked at.
 */
export class BlockScan {
  readonly #blocks: Block[] = [];
  readonly #instant = new InstantReader();
  /** The records since the last cut: their times, and where their lines end. */
  #times: number[] = [];
  #ends: number[] = [];
  /** The beginning of a line that goes on in the next piece. */
  #unfinished: Buffer[] = [];
  #unfinishedBytes = 0;
  /** A byte order mark may stand before it. */
  #isFirstLine = true;
  #endOffset = 0;

  push({ offset, bytes, afterDamage = false }: ContentPiece): void {
    if (afterDamage) this.#dropUnfinished();
    let start = 0;
    for (let end = bytes.indexOf(lineEnd); end !== -1; end = bytes.indexOf(lineEnd, start)) {
      const isRecord =
        this.#unfinishedBytes > 0
          ? this.#finishLine(bytes.subarray(0, end))
          : this.#readInstant(bytes, start, end);
      this.#isFirstLine = false;
      start = end + 1;
      if (!isRecord) continue;
      this.#times.push(this.#instant.ms);
      this.#ends.push(offset + start);
    }
    this.#keepUnfinished(bytes.subarray(start));
    this.#endOffset = offset + bytes.length;
    if (this.#times.length > 0) this.#closeBlock(lastCleanCut(this.#times));
  }

  /** The blocks. Together they cover everything that was pushed, also what is no record. */
  finish(): readonly Block[] {
    if (this.#times.length > 0) this.#closeBlock(this.#times.length);
    const endOffset = this.#endOffset;
    const last = this.#blocks.pop();
    if (last) this.#blocks.push({ ...last, endOffset });
    else if (endOffset > 0) this.#blocks.push({ startOffset: 0, endOffset, isSorted: true, ...noTime });
    return this.#blocks;
  }

  #readInstant(bytes: Buffer, start: number, end: number): boolean {
    const headEnd = Math.min(end, start + canonicalHeadBytes);
    if (readCanonicalInstant(bytes.toString("latin1", start, headEnd), this.#instant)) return true;
    const text = bytes.toString("utf8", start, end);
    return readLineInstant(this.#isFirstLine ? text.replace(/^\ufeff/, "") : text, this.#instant);
  }

  #finishLine(end: Buffer): boolean {
    this.#keepUnfinished(end);
    const isTooLong = this.#unfinishedBytes > storageLimits.maxLineBytes;
    const line = Buffer.concat(this.#unfinished);
    this.#dropUnfinished();
    return !isTooLong && this.#readInstant(line, 0, line.length);
  }

  /** Remembers what may be a line's beginning; of one that is too long to be a record only how long it is. */
  #keepUnfinished(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#unfinishedBytes += bytes.length;
    if (this.#unfinishedBytes > storageLimits.maxLineBytes) this.#unfinished = [];
    else this.#unfinished.push(Buffer.from(bytes));
  }

  #dropUnfinished(): void {
    this.#unfinished = [];
    this.#unfinishedBytes = 0;
  }

  #closeBlock(count: number): void {
    const times = this.#times;
    let earliestMs = times[0]!;
    let latestMs = earliestMs;
    let isSorted = true;
    for (let at = 1; at < count; at++) {
      const time = times[at]!;
      if (time < earliestMs) earliestMs = time;
      if (time < latestMs) isSorted = false;
      else latestMs = time;
    }
    const startOffset = this.#blocks.at(-1)?.endOffset ?? 0;
    this.#blocks.push({ startOffset, endOffset: this.#ends[count - 1]!, earliestMs, latestMs, isSorted });
    this.#times = times.slice(count);
    this.#ends = this.#ends.slice(count);
  }
}

const noTime = { earliestMs: Number.NEGATIVE_INFINITY, latestMs: Number.NEGATIVE_INFINITY };

/** How many of `times` come before the last place at which all before are earlier than all after; or all of them. */
export function lastCleanCut(times: readonly number[]): number {
  const latestBefore = new Float64Array(times.length);
  let latest = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < times.length; at++) {
    latestBefore[at] = latest;
    latest = Math.max(latest, times[at]!);
  }
  let earliest = Number.POSITIVE_INFINITY;
  for (let at = times.length - 1; at > 0; at--) {
    earliest = Math.min(earliest, times[at]!);
    if (latestBefore[at]! < earliest) return at;
  }
  return times.length;
}
