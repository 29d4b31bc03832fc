import { batchOf, type EncodedBatch } from "@prodigy-events/writer";
import { limits } from "../limits.js";

/** The batch that events are being added to. Its buffer is used again and again; sealing copies. */
export class OpenBatch {
  #buffer = Buffer.allocUnsafeSlow(limits.initialBatchBytes);
  #bytes = 0;
  #count = 0;
  #firstSequence = 0;
  #lastSequence = 0;

  get bytes(): number {
    return this.#bytes;
  }

  get count(): number {
    return this.#count;
  }

  get firstSequence(): number {
    return this.#firstSequence;
  }

  /** Adds a line and returns its length in bytes. */
  add(line: string, sequence: number): number {
    this.#reserve(line);
    const written = this.#buffer.write(line, this.#bytes, "utf8");
    if (this.#count === 0) this.#firstSequence = sequence;
    this.#lastSequence = sequence;
    this.#bytes += written;
    this.#count += 1;
    return written;
  }

  /** What was added, as a batch of its own; this one is empty afterwards. */
  seal(): EncodedBatch {
    const batch = batchOf({
      bytes: new Uint8Array(this.#buffer.subarray(0, this.#bytes)),
      count: this.#count,
      firstSequence: this.#firstSequence,
      lastSequence: this.#lastSequence,
    });
    if (this.#buffer.length > 2 * limits.maxBatchBytes) {
      this.#buffer = Buffer.allocUnsafeSlow(limits.initialBatchBytes);
    }
    this.#bytes = 0;
    this.#count = 0;
    return batch;
  }

  /** `Buffer.write` leaves out what has no room, so there must be enough: at most 3 bytes per UTF-16 unit. */
  #reserve(line: string): void {
    if (line.length * 3 <= this.#buffer.length - this.#bytes) return;
    const needed = this.#bytes + Buffer.byteLength(line);
    if (needed <= this.#buffer.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, 2 * this.#buffer.length));
    this.#buffer.copy(grown, 0, 0, this.#bytes);
    this.#buffer = grown;
  }
}
