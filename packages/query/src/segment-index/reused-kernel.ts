import { limits } from "../limits.js";
import { borrowKernel, returnKernel } from "../scan/idle-kernels.js";
import type { Kernel } from "../scan/kernel.js";
import type { IndexPiece } from "./index-piece.js";

/** A kernel for one segment after the other, which forgets its texts before those of many fill its dictionaries. */
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
      this.#kernel?.reset();
      [this.#texts, this.#chars] = [0, 0];
    }
    this.#kernel ??= borrowKernel(this.#inputBytes);
    return this.#kernel;
  }

  /** Takes note of what the kernel has listed. */
  used({ dictionaries }: IndexPiece): void {
    this.#texts += Math.max(...dictionaries.map(({ texts }) => texts.length));
    for (const { texts } of dictionaries) for (const { length } of texts) this.#chars += length;
  }

  /** Gives the kernel back; the next segment gets another one. */
  close(): void {
    if (this.#kernel) returnKernel(this.#kernel);
    this.#kernel = undefined;
    [this.#texts, this.#chars] = [0, 0];
  }
}
