import type { EntrySource } from "../read/entry-source.js";
import { LineDecoder } from "../read/line-decoder.js";
import type { Entry, Match } from "../read/match.js";
import type { ReadContext } from "../read/read-context.js";
import type { SegmentReader } from "../read/segment-reader.js";
import type { PartCopies } from "./part-copies.js";
import { ProducerProgress } from "./producer-progress.js";
import { RecentIds } from "./recent-ids.js";
import type { Rewriting, SegmentTail } from "./segment-tail.js";

/** A segment, and where in its uncompressed content the first line begins that was not taken. */
export interface TailPosition {
  readonly tail: SegmentTail;
  readonly offset: number;
}

/**
 * What is followed of one producer (or one shared or foreign file, or a part of a segment): its segments in order, each read on from where it
 * was. One `next` after the other goes up to where they end now; after `rewind` the same for what has come since.
 */
export class LiveChain implements EntrySource {
  /** Its place in the order of files, which breaks ties. */
  readonly #file: number;
  readonly #context: ReadContext;
  readonly #copies: ProducerProgress | PartCopies | RecentIds;
  readonly #decoder: LineDecoder;
  readonly #onRewritten: (how: Rewriting, path: string) => void;
  readonly #tails: SegmentTail[] = [];
  /** Finished, but perhaps not everything read of them was taken. */
  #finished: SegmentTail[] = [];
  #at = 0;
  #reader: SegmentReader | undefined;
  /** The last record that was taken since everything read had been. */
  #lastTaken: Match | undefined;

  /** @param onRewritten is told that the file at a path was written anew in its place */
  constructor(
    file: number,
    copies: ProducerProgress | PartCopies | RecentIds,
    context: ReadContext,
    onRewritten: (how: Rewriting, path: string) => void,
  ) {
    this.#onRewritten = onRewritten;
    this.#file = file;
    this.#copies = copies;
    this.#context = context;
    this.#decoder = new LineDecoder(context, copies);
  }

  get progress(): ProducerProgress | undefined {
    return this.#copies instanceof ProducerProgress ? this.#copies : undefined;
  }

  /** A record of this chain was taken. */
  took(match: Match): void {
    this.#lastTaken = match;
  }

  /** Everything that was read has been taken. */
  commit(): void {
    this.#lastTaken = undefined;
    this.#finished = [];
    for (const tail of this.#tails) tail.commit();
    this.#copies.commit();
  }

  /** The segments in which something may be left that was not taken, and the offsets from which on. */
  get open(): readonly TailPosition[] {
    const tails = [...this.#finished, ...this.#tails];
    const last = this.#lastTaken;
    const at = tails.findIndex((tail) => tail.source.path === last?.path);
    if (last === undefined || at === -1) return tails.map((tail) => ({ tail, offset: tail.takenOffset }));
    // What comes before the last record of a chain in its segments was read and, unless it was filtered out, taken.
    return tails.slice(at).map((tail, after) => ({
      tail,
      offset: after === 0 ? last.offset + Buffer.byteLength(last.line) + 1 : tail.takenOffset,
    }));
  }

  /** The number of the last record that was taken since everything read had been. */
  get lastTakenNumber(): number | undefined {
    return this.#lastTaken?.record.metadata.sequence;
  }

  /** The ids of the last records that were taken of a file without numbers. */
  get takenIds(): readonly string[] {
    return this.#copies instanceof RecentIds ? this.#copies.taken(this.#lastTaken?.record.id) : [];
  }

  get tails(): readonly SegmentTail[] {
    return this.#tails;
  }

  /** Whether reading may give something. */
  get mayHaveMore(): boolean {
    return this.#tails.some((tail) => tail.mayHaveMore);
  }

  /** Adds a segment at its place among those that are not finished. */
  add(tail: SegmentTail): void {
    const created = (each: SegmentTail) => each.source.segment.createdAtMs ?? 0;
    const later = this.#tails.findIndex((each) => created(each) > created(tail));
    this.#tails.splice(later === -1 ? this.#tails.length : later, 0, tail);
  }

  /** Stops following a segment: it was read to its end, or is out of reach. */
  async finish(tail: SegmentTail): Promise<void> {
    this.#tails.splice(this.#tails.indexOf(tail), 1);
    this.#finished.push(tail);
    await tail.close(this.#context);
  }

  /** A shared or foreign file begins anew. */
  restart(): void {
    if (this.#copies instanceof RecentIds) this.#copies.restart();
  }

  rewind(): void {
    this.#at = 0;
  }

  async next(chunkBytes: number): Promise<Entry[] | undefined> {
    for (let tail = this.#tails[this.#at]; tail; tail = this.#tails[this.#at]) {
      const isFinal = tail.isFinal;
      if (!this.#reader && tail.mayHaveMore) {
        this.#reader = await tail.open(this.#file, this.#context, (how) => {
          this.restart();
          this.#onRewritten(how, tail.source.path);
        });
      }
      const lines = await this.#reader?.next(chunkBytes);
      if (this.#reader) tail.moveTo(this.#reader.position);
      if (lines) {
        const planned = { source: tail.source, file: this.#file };
        return this.#decoder.decode(planned, lines);
      }
      this.#reader = undefined;
      if (isFinal) await this.finish(tail);
      else this.#at++;
    }
    return undefined;
  }

  async release(): Promise<void> {
    await this.#reader?.release();
  }

  /** Gives back all descriptors, at the end of following. */
  async close(): Promise<void> {
    await this.release();
    for (const tail of this.#tails) await tail.close(this.#context);
  }
}
