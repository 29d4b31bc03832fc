import { randomFillSync } from "node:crypto";
import { v7 } from "uuid";
import { limits } from "../limits.js";

/** Fills the array with random bytes. */
export type RandomSource = (bytes: Uint8Array) => void;

/** A UUIDv7 with a given counter takes only its last 6 bytes from the random ones. */
const randomStart = 10;
const idBytes = 16;

/**
 * UUIDv7s that are strictly increasing, one producer's. Within a millisecond a counter that starts at a random
 * number makes them so; the rest is random.
 */
export class RecordIds {
  readonly #random: RandomSource;
  readonly #pool = new Uint8Array(limits.randomPoolBytes);
  #used: number = limits.randomPoolBytes;
  /** One array for all ids: the library copies what it takes. */
  readonly #bytes = new Uint8Array(idBytes);
  #epochMs = Number.NEGATIVE_INFINITY;
  #counter = 0;

  constructor(random: RandomSource = (bytes) => randomFillSync(bytes)) {
    this.#random = random;
  }

  /** The next id, for a record of that time, which must not be before the last one's. */
  next(epochMs: number): string {
    if (epochMs > this.#epochMs) {
      this.#epochMs = epochMs;
      this.#counter = this.#initialCounter();
    } else if (this.#counter === 0xffff_ffff) {
      this.#epochMs += 1;
      this.#counter = 0;
    } else {
      this.#counter += 1;
    }
    for (let index = randomStart; index < idBytes; index += 1) this.#bytes[index] = this.#nextByte();
    return v7({ msecs: this.#epochMs, seq: this.#counter, random: this.#bytes });
  }

  /** 31 random bits: the highest of the counter's 32 starts at 0, so that a millisecond cannot exhaust it. */
  #initialCounter(): number {
    const bits =
      (this.#nextByte() << 24) | (this.#nextByte() << 16) | (this.#nextByte() << 8) | this.#nextByte();
    return bits >>> 1;
  }

  #nextByte(): number {
    if (this.#used === this.#pool.length) {
      this.#random(this.#pool);
      this.#used = 0;
    }
    this.#used += 1;
    return this.#pool[this.#used - 1] ?? 0;
  }
}
