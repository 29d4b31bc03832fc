import { crc32 } from "node:zlib";
import { nodeCrypto } from "../files/node-crypto.js";
import { limits } from "../limits.js";

/** The sums of a content, as a manifest holds them. */
export interface Checksums {
  bytes: number;
  /** Number of `\n`. */
  lines: number;
  /** Lower-case hex. */
  sha256: string;
  blockBytes: number;
  blockCrc32: number[];
}

/** Sums up a content as it passes by, in pieces of any size. */
export class ChecksumAccumulator {
  readonly #hash = nodeCrypto().createHash("sha256");
  readonly #blockBytes: number;
  readonly #blockCrc32: number[] = [];
  #blockSum = 0;
  #blockFill = 0;
  #bytes = 0;
  #lines = 0;

  /** @param blockBytes bytes per CRC-32, 1 MiB by default */
  constructor(blockBytes: number = limits.checksumBlockBytes) {
    this.#blockBytes = blockBytes;
  }

  /** Bytes seen so far. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Number of `\n` seen so far. */
  get lines(): number {
    return this.#lines;
  }

  /** @param lineEnds how many `\n` there are in the bytes, from whoever knows; else they are counted */
  update(bytes: Uint8Array, lineEnds: number = countLineEnds(bytes)): void {
    this.#hash.update(bytes);
    this.#bytes += bytes.length;
    this.#lines += lineEnds;
    for (let start = 0; start < bytes.length; ) {
      const end = Math.min(bytes.length, start + this.#blockBytes - this.#blockFill);
      this.#blockSum = crc32(bytes.subarray(start, end), this.#blockSum);
      this.#blockFill += end - start;
      if (this.#blockFill === this.#blockBytes) this.#endBlock();
      start = end;
    }
  }

  /** The sums of everything seen so far; updates may go on afterwards. */
  finish(): Checksums {
    return {
      bytes: this.#bytes,
      lines: this.#lines,
      sha256: this.#hash.copy().digest("hex"),
      blockBytes: this.#blockBytes,
      blockCrc32: this.#blockFill === 0 ? [...this.#blockCrc32] : [...this.#blockCrc32, this.#blockSum],
    };
  }

  #endBlock(): void {
    this.#blockCrc32.push(this.#blockSum);
    this.#blockSum = 0;
    this.#blockFill = 0;
  }
}

/** The number of `\n` in `bytes`. */
export function countLineEnds(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(0x0a); at !== -1; at = bytes.indexOf(0x0a, at + 1)) count += 1;
  return count;
}
