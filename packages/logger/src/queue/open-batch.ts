import { batchOf, type EncodedBatch } from "@prodigy-events/writer";
import { limits } from "../limits.js";
import { type Chunk, ChunkPool } from "./chunk.js";

/** A batch in memory that is used again when all who were given it are done with it. */
export interface QueuedBatch extends EncodedBatch {
  /** Tells, once for each lane, that its writer will not look at the bytes any more. Whoever never does keeps them. */
  release?(): void;
}

/**
 * The batch that events are being added to, the only place where their lines are kept: the encoder writes them behind
 * each other into a chunk, and sealing hands over a view of it.
 */
export class OpenBatch {
  readonly #pool = new ChunkPool();
  #chunk: Chunk = this.#pool.take(0);
  #start = 0;
  #end = 0;
  #count = 0;
  #firstSequence = 0;
  #lastSequence = 0;

  /** Where the lines are. Another one after each {@link reserve}, perhaps. */
  get chunk(): Chunk {
    return this.#chunk;
  }

  get bytes(): number {
    return this.#end - this.#start;
  }

  get count(): number {
    return this.#count;
  }

  get firstSequence(): number {
    return this.#firstSequence;
  }

  /**
   * The place in the chunk where the next line shall be written, with room for so many bytes. What stands there counts
   * when it is {@link add}ed; until then another call gives the same place away again.
   */
  reserve(bytes: number): number {
    if (this.#count === 0 && this.#chunk.holds === 0) {
      this.#start = 0;
      this.#end = 0;
    }
    if (this.#end + bytes > this.#chunk.length) this.#move(bytes);
    return this.#end;
  }

  /** Writes a line at the reserved place, and returns its length in bytes. */
  put(line: string): number {
    const most = line.length > limits.exactLengthFrom ? Buffer.byteLength(line) : 3 * line.length;
    const at = this.reserve(most);
    return this.#chunk.buffer.write(line, at, "utf8");
  }

  /** The line that was written at the reserved place, which is empty then: in it may be a secret. */
  take(bytes: number): string {
    const text = this.#chunk.buffer.toString("utf8", this.#end, this.#end + bytes);
    this.#chunk.bytes.fill(0, this.#end, this.#end + bytes);
    return text;
  }

  /** A copy of the line that was written at the reserved place. */
  copy(bytes: number): Uint8Array {
    return this.#chunk.bytes.slice(this.#end, this.#end + bytes);
  }

  /** Adds the line that was written at the reserved place. */
  add(bytes: number, sequence: number): void {
    if (this.#count === 0) this.#firstSequence = sequence;
    this.#lastSequence = sequence;
    this.#end += bytes;
    this.#count += 1;
  }

  /**
   * What was added, as a batch that `holders` lanes will release; this one is empty afterwards. A line that was written
   * and not added stays where it is.
   */
  seal(holders: number): QueuedBatch {
    const chunk = this.#chunk;
    const isShared = this.bytes >= limits.minSharedBytes;
    const bytes = chunk.bytes.subarray(this.#start, this.#end);
    const batch = batchOf({
      bytes: isShared ? bytes : bytes.slice(),
      count: this.#count,
      firstSequence: this.#firstSequence,
      lastSequence: this.#lastSequence,
    });
    this.#start = this.#end;
    this.#count = 0;
    if (!isShared) return batch;
    chunk.holds += holders;
    return { ...batch, release: () => this.#release(chunk) };
  }

  #release(chunk: Chunk): void {
    chunk.holds -= 1;
    if (chunk.holds === 0 && chunk !== this.#chunk) this.#pool.give(chunk);
  }

  /** Goes on in another chunk, or at the beginning of this one, with what is open. */
  #move(room: number): void {
    const old = this.#chunk;
    const open = old.bytes.subarray(this.#start, this.#end);
    const isFree = old.holds === 0 && open.length + room <= old.length;
    const next = isFree ? old : this.#pool.take(open.length + room);
    // Within one chunk the parts may overlap; `set` minds that.
    next.bytes.set(open, 0);
    this.#start = 0;
    this.#end = open.length;
    this.#chunk = next;
    if (old !== next && old.holds === 0) this.#pool.give(old);
  }
}
