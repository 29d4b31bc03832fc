import { ChecksumAccumulator, type Checksums } from "@prodigy-events/storage";

const lineFeed = 0x0a;

/** Sums up a segment's content as it passes by, in chunks of any size. */
export class ContentSummary {
  readonly #sums = new ChecksumAccumulator();
  #firstLine: string | undefined;
  #lastLine: Buffer | undefined;
  /** Copies of what came after the last line end. */
  #tail: Buffer[] = [];

  add(chunk: Uint8Array): void {
    this.#sums.update(chunk);
    const end = chunk.lastIndexOf(lineFeed);
    if (end === -1) {
      this.#tail.push(Buffer.from(chunk));
      return;
    }
    this.#firstLine ??= this.#joinedWith(chunk.subarray(0, chunk.indexOf(lineFeed))).toString("utf8");
    const start = end === 0 ? 0 : chunk.lastIndexOf(lineFeed, end - 1) + 1;
    const line = chunk.subarray(start, end);
    this.#lastLine = start === 0 ? this.#joinedWith(line) : Buffer.from(line);
    this.#tail = [Buffer.from(chunk.subarray(end + 1))];
  }

  /** Of everything added so far. */
  sums(): Checksums {
    return this.#sums.finish();
  }

  /** Without its line end; `undefined` when there is no whole line. */
  get firstLine(): string | undefined {
    return this.#firstLine;
  }

  get lastLine(): string | undefined {
    return this.#lastLine?.toString("utf8");
  }

  /** Bytes after the last line end: a torn line. */
  get tailBytes(): number {
    return this.#tail.reduce((sum, part) => sum + part.length, 0);
  }

  #joinedWith(bytes: Uint8Array): Buffer {
    return Buffer.concat([...this.#tail, bytes]);
  }
}
