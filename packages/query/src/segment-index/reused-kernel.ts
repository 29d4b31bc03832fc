import { limits } from "../limits.js";
import { Kernel } from "../scan/kernel.js";
import type { IndexPiece } from "./index-piece.js";

/** A kernel for one segment after the other, replaced before the texts of many fill its dictionaries. */
export class ReusedKernel {
  readonly #inputBytes: number;
  #kernel: Kernel | undefined;
  #texts = 0;
  #chars = 0;

  constructor(inputBytes: number) {
    this.#inputBytes = inputBytes;
  }

  /** The kernel for the next segment. */
  next(): Kernel {
    if (this.#texts > limits.maxReusedTexts || this.#chars > limits.maxReusedTextChars) {
      this.#kernel = undefined;
      [this.#texts, this.#chars] = [0, 0];
    }
    this.#kernel ??= new Kernel(this.#inputBytes);
    return this.#kernel;
  }

  /** Takes note of what the kernel has listed. */
  used({ dictionaries }: IndexPiece): void {
    this.#texts += Math.max(...dictionaries.map(({ texts }) => texts.length));
    for (const { texts } of dictionaries) for (const { length } of texts) this.#chars += length;
  }
}
