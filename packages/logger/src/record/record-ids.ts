import { randomFillSync } from "node:crypto";
import { limits } from "../limits.js";

/** Fills the array with random bytes. */
export type RandomSource = (bytes: Uint8Array) => void;

/** Where the text of an id has its parts: time, version and counter, variant and counter, counter and random. */
const text = "00000000-0000-7000-8000-000000000000";
const timeDigits = [0, 1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12] as const;
const hexDigits = Buffer.from("0123456789abcdef", "latin1");

/**
 * UUIDv7s that are strictly increasing, one producer's. Within a millisecond a counter of 32 bits that starts at a
 * random number makes them so; the other 42 bits are random. They are what the package uuid makes of the same numbers,
 * in a tenth of the time.
 */
export class RecordIds {
  /** The last id, in ASCII. */
  readonly ascii = Buffer.from(text, "latin1");
  #last = text;
  readonly #random: RandomSource;
  readonly #pool = new Uint8Array(limits.randomPoolBytes);
  #used: number = limits.randomPoolBytes;
  #epochMs = Number.NEGATIVE_INFINITY;
  #counter = 0;

  constructor(random: RandomSource = (bytes) => randomFillSync(bytes)) {
    this.#random = random;
  }

  /** The next id, for a record of that time, which must not be before the last one's. */
  next(epochMs: number): string {
    if (epochMs > this.#epochMs) {
      this.#counter = this.#initialCounter();
      this.#beginTime(epochMs);
    } else if (this.#counter === 0xffff_ffff) {
      this.#counter = 0;
      this.#beginTime(this.#epochMs + 1);
    } else {
      this.#counter += 1;
    }
    this.#writeCounter();
    for (let at = 26; at < text.length; at += 2) this.#writeByte(at, this.#nextByte());
    this.#last = this.ascii.toString("latin1", 0, text.length);
    return this.#last;
  }

  /** The last id. */
  get last(): string {
    return this.#last;
  }

  #beginTime(epochMs: number): void {
    this.#epochMs = epochMs;
    const digits = Math.max(0, Math.trunc(epochMs)).toString(16).padStart(timeDigits.length, "0");
    for (const [index, at] of timeDigits.entries()) this.ascii[at] = digits.charCodeAt(index);
  }

  /** 12 bits behind the version, 14 behind the variant, 6 with two random ones. */
  #writeCounter(): void {
    const { ascii } = this;
    const counter = this.#counter;
    ascii[15] = hexDigits[counter >>> 28]!;
    this.#writeByte(16, (counter >>> 20) & 0xff);
    this.#writeByte(19, 0x80 | ((counter >>> 14) & 0x3f));
    this.#writeByte(21, (counter >>> 6) & 0xff);
    this.#writeByte(24, ((counter << 2) & 0xff) | (this.#nextByte() & 0x03));
  }

  #writeByte(at: number, byte: number): void {
    this.ascii[at] = hexDigits[byte >>> 4]!;
    this.ascii[at + 1] = hexDigits[byte & 0x0f]!;
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
