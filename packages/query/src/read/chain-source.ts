import { type Line, StorageError } from "@prodigy-events/storage";
import type { PlannedChain, PlannedSegment } from "../plan/query-plan.js";
import { copiesOfChain } from "./copy-filter.js";
import type { EntrySource } from "./entry-source.js";
import { LineDecoder } from "./line-decoder.js";
import type { Entry } from "./match.js";
import type { ReadContext } from "./read-context.js";
import { SegmentReader } from "./segment-reader.js";
import type { Direction } from "./time-order.js";

/** What of a chain is read. */
export interface ChainRange {
  readonly direction: Direction;
  /** Reading backward: no more than this many of the newest entries are wanted. */
  readonly limit?: number;
}

/** The records of one producer, segment after segment, in its order or against it. */
export class ChainSource implements EntrySource {
  readonly #segments: PlannedSegment[];
  readonly #range: ChainRange;
  readonly #context: ReadContext;
  readonly #decoder: LineDecoder;
  #reader: SegmentReader | undefined;

  constructor(chain: PlannedChain, range: ChainRange, context: ReadContext) {
    this.#segments = range.direction === "forward" ? [...chain.segments] : chain.segments.toReversed();
    this.#range = range;
    this.#context = context;
    const copies = copiesOfChain(chain.segments[0]!.source, range.direction, context);
    this.#decoder = new LineDecoder(context, copies, range.direction);
  }

  async next(chunkBytes: number): Promise<Entry[] | undefined> {
    for (let planned = this.#segments[0]; planned; planned = this.#segments[0]) {
      this.#reader ??= this.#open(planned, this.#range.direction);
      const lines = await this.#linesOrUnseekable(this.#reader, chunkBytes);
      if (lines === "unseekable") {
        this.#finishSegment();
        return this.#readForward(planned);
      }
      if (lines) return this.#decoder.decode(planned, lines);
      this.#finishSegment();
    }
    return undefined;
  }

  async release(): Promise<void> {
    await this.#reader?.release();
  }

  #open(planned: PlannedSegment, direction: Direction): SegmentReader {
    return new SegmentReader(planned, { direction }, this.#context);
  }

  #finishSegment(): void {
    this.#reader = undefined;
    this.#segments.shift();
  }

  async #linesOrUnseekable(
    reader: SegmentReader,
    chunkBytes: number,
  ): Promise<Line[] | "unseekable" | undefined> {
    try {
      return await reader.next(chunkBytes);
    } catch (error) {
      if (error instanceof StorageError && error.code === "NOT_SEEKABLE") return "unseekable";
      throw error;
    }
  }

  /** A segment that somebody compressed in one piece: read whole, of its entries the newest are kept. */
  async #readForward(planned: PlannedSegment): Promise<Entry[]> {
    const limit = this.#range.limit ?? Number.POSITIVE_INFINITY;
    const reader = this.#open(planned, "forward");
    let newest: Entry[] = [];
    this.#decoder.order.turn("forward");
    try {
      for (
        let lines = await reader.next(this.#context.bounds.maxChunkBytes);
        lines;
        lines = await reader.next(this.#context.bounds.maxChunkBytes)
      ) {
        newest.push(...this.#decoder.decode(planned, lines));
        if (newest.length > 2 * limit) newest = newest.slice(-limit);
      }
    } finally {
      await reader.release();
    }
    this.#decoder.order.turn(this.#range.direction);
    return newest.slice(-limit).reverse();
  }
}
