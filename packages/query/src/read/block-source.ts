import type { Line } from "@prodigy-events/storage";
import { compareRanks } from "../merge/order.js";
import type { Block, BlockRun } from "../plan/block-runs.js";
import type { PlannedSegment } from "../plan/query-plan.js";
import type { LineSpool } from "../source/line-spool.js";
import { type BlockLines, orderedLines } from "./block-lines.js";
import type { EntrySource } from "./entry-source.js";
import { LineDecoder } from "./line-decoder.js";
import type { Entry } from "./match.js";
import type { ReadContext } from "./read-context.js";
import { SegmentReader } from "./segment-reader.js";
import type { SharedCopies } from "./shared-copies.js";

/**
 * One run of a file that anybody may have written, block after block. A block whose times do not go back is read as it
 * is asked for; any other is read at once and put in order.
 *
 * Of the entries of a chunk those with its latest time are held back, as more of them may follow: within one instant
 * the order is that of ranks, whatever the order in the file.
 */
export class BlockSource implements EntrySource {
  readonly #planned: PlannedSegment;
  readonly #blocks: Block[];
  readonly #context: ReadContext;
  readonly #spool: LineSpool;
  readonly #decoder: LineDecoder;
  readonly #reader: SegmentReader;
  /** Lines that were read beyond the end of what was asked for. */
  #ahead: Line[] = [];
  /** Those of the block that is being read. */
  #lines: BlockLines | undefined;
  #heldBack: Entry[] = [];

  /** @param copies knows the copies in the file, in this run or another one */
  constructor(
    planned: PlannedSegment,
    run: BlockRun,
    spool: LineSpool,
    context: ReadContext,
    copies: SharedCopies | undefined,
  ) {
    this.#planned = planned;
    this.#blocks = [...run];
    this.#context = context;
    this.#spool = spool;
    this.#decoder = new LineDecoder(context, copies);
    const range = { startOffset: run[0]?.startOffset, endOffset: run.at(-1)?.endOffset };
    this.#reader = new SegmentReader(planned, { direction: "forward", ...range }, context);
  }

  async next(chunkBytes: number): Promise<Entry[] | undefined> {
    if (!this.#lines) {
      const block = this.#blocks.shift();
      if (!block) return undefined;
      this.#lines = await this.#open(block);
    }
    const lines = await this.#lines.next(chunkBytes);
    const entries = inOrder([...this.#heldBack, ...this.#decoder.decode(this.#planned, lines)]);
    if (lines.length === 0) {
      this.#lines = undefined;
      this.#heldBack = [];
      return entries;
    }
    const latestMs = entries.at(-1)?.ms;
    const count = entries.findLastIndex(({ ms }) => ms !== latestMs) + 1;
    this.#heldBack = entries.splice(count);
    return entries;
  }

  async release(): Promise<void> {
    await this.#reader.release();
  }

  async #open({ endOffset, isSorted }: Block): Promise<BlockLines> {
    const inPlace = { next: (chunkBytes: number) => this.#linesBefore(endOffset, chunkBytes) };
    if (isSorted) return inPlace;
    const lines: Line[] = [];
    for (;;) {
      const more = await inPlace.next(this.#context.bounds.maxChunkBytes);
      if (more.length === 0) return orderedLines(lines, this.#spool, this.#context);
      for (const line of more) lines.push(line);
    }
  }

  /** The next lines of the file, if they begin before `endOffset`. */
  async #linesBefore(endOffset: number, chunkBytes: number): Promise<Line[]> {
    const lines = this.#ahead.length > 0 ? this.#ahead : ((await this.#reader.next(chunkBytes)) ?? []);
    const count = lines.findLastIndex(({ offset }) => offset < endOffset) + 1;
    this.#ahead = lines.splice(count);
    return lines;
  }
}

/** Most entries are in order as they are, and to see that is cheaper than to sort them. */
function inOrder(entries: Entry[]): Entry[] {
  for (let at = 1; at < entries.length; at++) {
    const [before, entry] = [entries[at - 1]!, entries[at]!];
    if (before.ms >= entry.ms && compareRanks(before, entry) > 0) return entries.sort(compareRanks);
  }
  return entries;
}
