import { limits } from "../limits.js";

/**
 * A piece of memory that lines are encoded into. Batches are views of it, so it must not be written to where a writer
 * may still read.
 */
export class Chunk {
  readonly length: number;
  /** The same memory as bytes, and as text to write. */
  readonly bytes: Uint8Array;
  readonly buffer: Buffer;
  /** How many writers have not said yet that they are done with a batch in it. */
  holds = 0;

  constructor(length: number) {
    this.length = length;
    this.buffer = Buffer.allocUnsafeSlow(length);
    this.bytes = new Uint8Array(this.buffer.buffer);
  }
}

/** Chunks to be used again: fresh memory costs more than what is written into it. */
export class ChunkPool {
  readonly #free: Chunk[] = [];
  #nextLength: number = limits.firstChunkBytes;

  /** A chunk of at least so many bytes. The first are small, for processes that log little. */
  take(length: number): Chunk {
    // Whatever is too large for a usual one is like to be followed by more of its kind.
    if (length > limits.chunkBytes) return new Chunk(length + limits.chunkBytes);
    const free = this.#free.pop();
    if (free !== undefined) return free;
    const chunk = new Chunk(Math.max(length, this.#nextLength));
    this.#nextLength = Math.min(2 * this.#nextLength, limits.chunkBytes);
    return chunk;
  }

  /** Takes back a chunk that nobody holds. */
  give(chunk: Chunk): void {
    if (chunk.length === limits.chunkBytes && this.#free.length < limits.spareChunks) this.#free.push(chunk);
  }
}
