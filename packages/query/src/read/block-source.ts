import type { Line } from "@prodigy-events/storage";
import { limits } from "../limits.js";
import { compareRanks } from "../merge/order.js";
import type { Block, BlockRun } from "../plan/block-runs.js";
import type { PlannedSegment } from "../plan/query-plan.js";
import { ReportBuilder } from "../report/report-builder.js";
import type { EntrySource } from "./entry-source.js";
import { LineDecoder } from "./line-decoder.js";
import type { Entry } from "./match.js";
import type { ReadContext } from "./read-context.js";
import { SegmentReader } from "./segment-reader.js";

/**
 * One run of a file that anybody may have written: block after block, each sorted in memory.
 *
 * Where memory is short, because very many blocks overlap, only the first entries of a block are kept together with
 * the offsets of the others (8 bytes each), which are read again when their time has come.
 */
export class BlockSource implements EntrySource {
  readonly #planned: PlannedSegment;
  readonly #blocks: Block[];
  readonly #context: ReadContext;
  readonly #decoder: LineDecoder;
  readonly #reader: SegmentReader;
  /** Lines that were read beyond the end of the block before. */
  #ahead: Line[] = [];
  /** What was left of the last block for want of memory. */
  #rest: { block: Block; offsets: Float64Array } | undefined;

  constructor(planned: PlannedSegment, run: BlockRun, context: ReadContext) {
    this.#planned = planned;
    this.#blocks = [...run];
    this.#context = context;
    this.#decoder = new LineDecoder(context);
    const range = { startOffset: run[0]?.startOffset, endOffset: run.at(-1)?.endOffset };
    this.#reader = new SegmentReader(planned, { direction: "forward", ...range }, context);
  }

  async next(chunkBytes: number): Promise<Entry[] | undefined> {
    if (this.#rest) return this.#readAgain(this.#rest, chunkBytes);
    const block = this.#blocks.shift();
    if (!block) return undefined;
    const lines = await this.#linesUpTo(block.endOffset);
    const entries = inOrder(this.#decoder.decode(this.#planned, lines));
    const isMemoryShort = chunkBytes < this.#context.bounds.maxDecodedBytes;
    return isMemoryShort ? this.#keepFirst(entries, block, chunkBytes) : entries;
  }

  async release(): Promise<void> {
    await this.#reader.release();
  }

  async #linesUpTo(endOffset: number): Promise<Line[]> {
    const lines = this.#ahead;
    this.#ahead = [];
    while (endOf(lines.at(-1)) < endOffset) {
      const more = await this.#reader.next(this.#context.bounds.maxChunkBytes);
      if (!more) break;
      for (const line of more) lines.push(line);
    }
    const count = lines.findLastIndex(({ offset }) => offset < endOffset) + 1;
    this.#ahead = lines.splice(count);
    return lines;
  }

  #keepFirst(entries: Entry[], block: Block, chunkBytes: number): Entry[] {
    const count = recordsWithin(chunkBytes);
    this.#keepRest(
      block,
      Float64Array.from(entries.slice(count), ({ offset }) => offset),
    );
    return entries.slice(0, count);
  }

  #keepRest(block: Block, offsets: Float64Array): void {
    this.#rest = offsets.length > 0 ? { block, offsets } : undefined;
  }

  /** The next few of a block whose lines have been counted and judged before. */
  async #readAgain(rest: { block: Block; offsets: Float64Array }, chunkBytes: number): Promise<Entry[]> {
    const { startOffset, endOffset } = rest.block;
    const silent: ReadContext = { ...this.#context, report: new ReportBuilder(), strict: false };
    const reader = new SegmentReader(this.#planned, { direction: "forward", startOffset, endOffset }, silent);
    const count = recordsWithin(chunkBytes);
    const wanted = new Set(rest.offsets.subarray(0, count));
    const lines: Line[] = [];
    try {
      for (
        let more = await reader.next(this.#context.bounds.maxChunkBytes);
        more;
        more = await reader.next(this.#context.bounds.maxChunkBytes)
      ) {
        for (const line of more) if (wanted.has(line.offset)) lines.push(line);
      }
    } finally {
      await reader.release();
    }
    this.#keepRest(rest.block, rest.offsets.slice(count));
    return new LineDecoder(silent).decode(this.#planned, lines).sort(compareRanks);
  }
}

/** Most blocks are in order as they are, and to see that is cheaper than to sort them. */
function inOrder(entries: Entry[]): Entry[] {
  for (let at = 1; at < entries.length; at++) {
    const [before, entry] = [entries[at - 1]!, entries[at]!];
    if (before.ms >= entry.ms && compareRanks(before, entry) > 0) return entries.sort(compareRanks);
  }
  return entries;
}

function endOf(line: Line | undefined): number {
  return line ? line.offset + line.length + 1 : -1;
}

/** How many records of ordinary length take so many bytes; at least one. */
function recordsWithin(bytes: number): number {
  return Math.max(1, Math.floor(bytes / limits.ordinaryLineBytes));
}
