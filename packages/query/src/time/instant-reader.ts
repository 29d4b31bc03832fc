import { type Instant, instantOf } from "./instant.js";

const zero = 0x30;
const nine = 0x39;
/** Length of `2026-01-01T12:00:`, which is the same for a minute's worth of records. */
const minuteLength = 17;

/**
 * Reads the timestamps of many records, one after the other, without allocating anything: after `read` the reader *is*
 * the instant. It remembers the minute it last met, so that of most timestamps only the seconds are looked at.
 */
export class InstantReader implements Instant {
  ms = 0;
  nanos = 0;
  #minute = "-";
  #minuteMs = 0;

  /**
   * Sets the reader to the instant of the RFC 3339 timestamp that stands in `text` from `start` to `end`; false, and
   * unchanged, if there is none.
   */
  read(text: string, start = 0, end = text.length): boolean {
    if (text.startsWith(this.#minute, start) && this.#readSeconds(text, start + minuteLength, end))
      return true;
    return this.#readExactly(text.slice(start, end));
  }

  /** Takes `ss.fZ` with up to nine digits of a fraction. Anything else, leap seconds too, is for the exact parser. */
  #readSeconds(text: string, at: number, end: number): boolean {
    const tens = text.charCodeAt(at) - zero;
    const ones = text.charCodeAt(at + 1) - zero;
    const digits = end - at - 4;
    const isPlain =
      tens >= 0 &&
      tens < 6 &&
      ones >= 0 &&
      ones <= 9 &&
      digits > 0 &&
      digits <= 9 &&
      text.charCodeAt(at + 2) === 0x2e &&
      text.charCodeAt(end - 1) === 0x5a; // ".", "Z"
    if (!isPlain) return false;
    let fraction = 0;
    for (let index = at + 3; index < end - 1; index++) {
      const code = text.charCodeAt(index);
      if (code < zero || code > nine) return false;
      fraction = fraction * 10 + code - zero;
    }
    this.nanos = 0;
    if (digits === 3) {
      this.ms = this.#minuteMs + tens * 10_000 + ones * 1_000 + fraction;
    } else {
      for (let missing = digits; missing < 9; missing++) fraction *= 10;
      this.nanos = fraction % 1_000_000;
      this.ms = this.#minuteMs + tens * 10_000 + ones * 1_000 + (fraction - this.nanos) / 1_000_000;
    }
    return true;
  }

  #readExactly(timestamp: string): boolean {
    const instant = instantOf(timestamp);
    if (!instant) return false;
    this.ms = instant.ms;
    this.nanos = instant.nanos;
    if (timestamp.endsWith("Z") && timestamp[minuteLength] !== "6") {
      const minute = timestamp.slice(0, minuteLength);
      this.#minuteMs = instantOf(`${minute}00Z`)?.ms ?? 0;
      this.#minute = minute;
    }
    return true;
  }
}
