import { limits } from "../limits.js";

/**
 * A line of which one end has not been seen yet. It grows at its end when reading forward, at its beginning when
 * reading backward. Its bytes are kept up to a limit; beyond it only the first few, for a preview.
 */
export class UnfinishedLine {
  readonly #maxBytes: number;
  #parts: Buffer[] = [];
  #offset = 0;
  #length = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get isEmpty(): boolean {
    return this.#length === 0;
  }

  /** Of its first byte seen so far. */
  get offset(): number {
    return this.#offset;
  }

  /** All bytes so far, kept or not. */
  get length(): number {
    return this.#length;
  }

  /** Adds bytes that follow; `offset` is theirs. They are copied, because pieces are reused. */
  append(bytes: Uint8Array, offset: number): void {
    if (this.#length === 0) this.#offset = offset;
    this.#add(bytes, (parts, added) => parts.push(added));
  }

  /** Adds bytes that come before; `offset` is theirs. They are copied, because pieces are reused. */
  prepend(bytes: Uint8Array, offset: number): void {
    this.#offset = offset;
    this.#add(bytes, (parts, added) => parts.unshift(added));
  }

  /** The whole line, or `undefined` when it is over the limit. */
  whole(): Buffer | undefined {
    if (this.#length > this.#maxBytes) return undefined;
    return this.#parts.length === 1 ? this.#parts[0] : Buffer.concat(this.#parts);
  }

  /** Its first bytes, enough for a preview. */
  beginning(): Buffer {
    return Buffer.concat(this.#parts).subarray(0, limits.previewBytes);
  }

  clear(): void {
    this.#parts = [];
    this.#length = 0;
  }

  #add(bytes: Uint8Array, place: (parts: Buffer[], added: Buffer) => void): void {
    if (bytes.length === 0) return;
    this.#length += bytes.length;
    if (this.#length <= this.#maxBytes) {
      place(this.#parts, Buffer.from(bytes));
      return;
    }
    const kept = [this.beginning()];
    place(kept, Buffer.from(bytes.subarray(0, limits.previewBytes)));
    this.#parts = [Buffer.from(Buffer.concat(kept).subarray(0, limits.previewBytes))];
  }
}
