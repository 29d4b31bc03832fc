import { decodeLine } from "@prodigy-events/schema";
import type { Line } from "@prodigy-events/storage";
import type { Block } from "../plan/block-runs.js";
import { InstantReader } from "../time/instant-reader.js";

/**
 * Finds out in what time order the lines of a file are: it cuts the file into blocks of about a chunk each, and keeps
 * of every block the earliest and latest time. Blocks end, where they can, at a place where everything before is
 * earlier than everything after. Feed the chunks in their order, then `finish`.
 */
export class BlockScan {
  readonly #blocks: Block[] = [];
  readonly #instant = new InstantReader();
  /** The records since the last cut: their times, and where their lines end. */
  #times: number[] = [];
  #ends: number[] = [];

  add(lines: readonly Line[]): void {
    for (const { text, offset, length } of lines) {
      if (!readLineInstant(text, this.#instant)) continue;
      this.#times.push(this.#instant.ms);
      this.#ends.push(offset + length + 1);
    }
    if (this.#times.length > 0) this.#closeBlock(lastCleanCut(this.#times));
  }

  /** The blocks. Together they cover everything before `endOffset`, also what is no record. */
  finish(endOffset: number): readonly Block[] {
    if (this.#times.length > 0) this.#closeBlock(this.#times.length);
    const last = this.#blocks.pop();
    if (last) this.#blocks.push({ ...last, endOffset: Math.max(last.endOffset, endOffset) });
    else if (endOffset > 0) this.#blocks.push({ startOffset: 0, endOffset, ...noTime });
    return this.#blocks;
  }

  #closeBlock(count: number): void {
    const times = this.#times;
    let earliestMs = times[0]!;
    let latestMs = earliestMs;
    for (let at = 1; at < count; at++) {
      const time = times[at]!;
      if (time < earliestMs) earliestMs = time;
      if (time > latestMs) latestMs = time;
    }
    const startOffset = this.#blocks.at(-1)?.endOffset ?? 0;
    this.#blocks.push({ startOffset, endOffset: this.#ends[count - 1]!, earliestMs, latestMs });
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

const idPrefix = '{"id":"';
const timestampPrefix = '","timestamp":"';

/**
 * Sets `instant` to that of a line's record; false if the line is no record. Lines that begin as our writers and
 * Prodigy begin them are not parsed: the instant of one that turns out malformed later is of no consequence.
 */
export function readLineInstant(text: string, instant: InstantReader): boolean {
  if (text.startsWith(idPrefix)) {
    const idEnd = text.indexOf('"', idPrefix.length);
    // A backslash before the quote means that the id goes on.
    if (text.charCodeAt(idEnd - 1) !== 0x5c && text.startsWith(timestampPrefix, idEnd)) {
      const start = idEnd + timestampPrefix.length;
      const end = text.indexOf('"', start);
      if (end > 0 && instant.read(text, start, end)) return true;
    }
  }
  const decoded = decodeLine(text);
  return decoded.ok && instant.read(decoded.record.timestamp);
}
