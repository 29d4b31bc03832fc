import type { Line } from "@prodigy-events/storage";
import type { LineSpool } from "../source/line-spool.js";
import { InstantReader } from "../time/instant-reader.js";
import { readLineInstant } from "./line-instant.js";
import type { ReadContext } from "./read-context.js";

/** The lines of one block in the order of their times, a chunk at a time. */
export interface BlockLines {
  /** Lines whose times do not go back; none at the end. */
  next(chunkBytes: number): Promise<Line[]>;
}

/**
 * Puts the lines of a block in order by time; what is no record comes first. They wait as text in memory, within
 * `bounds.maxWaitingBytes` of all readers together, or in the spool: either way the block is read from its file once.
 */
export async function orderedLines(
  lines: Line[],
  spool: LineSpool,
  { surplus, bounds }: ReadContext,
): Promise<BlockLines> {
  const ordered = inTimeOrder(lines);
  let bytes = 0;
  for (const { length } of ordered) bytes += length;
  if (surplus.bytes + bytes > bounds.maxWaitingBytes) return spool.add(ordered);
  surplus.bytes += bytes;
  return new HeldLines(ordered, surplus);
}

/** Lines in memory. What has been handed over is not counted as kept any more. */
class HeldLines implements BlockLines {
  readonly #lines: readonly Line[];
  readonly #surplus: { bytes: number };
  #at = 0;

  constructor(lines: readonly Line[], surplus: { bytes: number }) {
    this.#lines = lines;
    this.#surplus = surplus;
  }

  async next(chunkBytes: number): Promise<Line[]> {
    const start = this.#at;
    let bytes = 0;
    while (this.#at < this.#lines.length && bytes < chunkBytes) bytes += this.#lines[this.#at++]!.length;
    this.#surplus.bytes -= bytes;
    return this.#lines.slice(start, this.#at);
  }
}

function inTimeOrder(lines: Line[]): Line[] {
  const instant = new InstantReader();
  const times = new Float64Array(lines.length);
  for (const [at, { text }] of lines.entries()) {
    times[at] = readLineInstant(text, instant) ? instant.ms : Number.NEGATIVE_INFINITY;
  }
  const places = Array.from(times.keys());
  // Two times of -Infinity differ by NaN, which counts as 0: sorting is stable.
  return places.sort((a, b) => times[a]! - times[b]!).map((place) => lines[place]!);
}
