import { limits } from "../limits.js";

/** A literal that is looked for. */
export interface Literal {
  /** Lower-case ASCII that JSON never escapes, at least four characters. Found in any case. */
  readonly text: string;
  /** What must match right behind it (sticky) for it to count. Needs constant or overall linear time. */
  readonly behind?: RegExp;
}

/** The part of a text that is looked at. */
interface Range {
  readonly from: number;
  readonly to: number;
}

/** A literal that is looked at where its first or second character is. */
interface Candidate {
  readonly literal: Literal;
  readonly codes: Uint8Array;
  readonly shift: number;
}

/** Two characters as the two bytes of one 16-bit number, in the order of this machine. */
function pairOf(first: number, second: number): number {
  return new Uint16Array(Uint8Array.of(first, second).buffer)[0]!;
}

/** Upper and lower case of an ASCII letter, else the character alone. */
function casesOf(text: string, at: number): number[] {
  const lower = text.charCodeAt(at);
  return lower >= 0x61 && lower <= 0x7a ? [lower, lower - 0x20] : [lower];
}

/** Three characters, case and high bits aside. */
function tripleOf(first: number, second: number, third: number): number {
  return ((first & 31) << 10) | ((second & 31) << 5) | (third & 31);
}

/** Shared by all scans, which run to their end at once. What follows the text in it is zero. */
const bytes = new Uint8Array(limits.scanChunkLength + 4);
const pairs = new Uint16Array(bytes.buffer);
const buffer = Buffer.from(bytes.buffer);

/** Whether the bytes at a place are these lower-case ones, in any case. */
function hasCodes(at: number, codes: Uint8Array): boolean {
  // From behind, where literals that begin alike differ.
  for (let index = codes.length - 1; index >= 0; index -= 1) {
    const byte = bytes[at + index]!;
    const lower = byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte;
    if (lower !== codes[index]) return false;
  }
  return true;
}

/**
 * Tells whether any of many short literals occurs in a text, ASCII case aside, in a fraction of the time of a regular
 * expression with as many alternatives.
 *
 * It looks at every second pair of characters only: a literal of four characters or more covers one whole pair that
 * begins at an even place, its first or its second. Where a pair is known, the three characters that begin there are
 * looked up, and then the literals themselves are compared.
 */
export class LiteralScan {
  readonly #isKnownPair = new Uint8Array(1 << 16);
  readonly #bucketOfTriple = new Uint16Array(1 << 15);
  readonly #buckets: Candidate[][] = [[]];
  readonly #overlap: number;

  constructor(literals: readonly Literal[]) {
    this.#overlap = Math.max(0, ...literals.map(({ text }) => text.length));
    for (const literal of literals) {
      for (const shift of [0, 1]) this.#add(literal, shift);
    }
  }

  /** Whether a literal occurs between `from` and `to`. */
  test(text: string, from = 0, to = text.length): boolean {
    const chunkLength = limits.scanChunkLength;
    if (text.length <= chunkLength) return this.#testChunk(text, text, 0, { from, to });
    for (let start = from; start < to; start += chunkLength - this.#overlap) {
      const chunk = text.slice(start, start + chunkLength);
      if (this.#testChunk(text, chunk, start, { from, to })) return true;
    }
    return false;
  }

  /** Looks through a part of the text that begins at `start`. */
  #testChunk(text: string, chunk: string, start: number, range: Range): boolean {
    // Latin-1 keeps one byte per character: another character may look like a letter in it, which the comparison
    // with the text sorts out, but no letter is lost.
    const length = buffer.write(chunk, 0, "latin1");
    bytes[length] = 0;
    bytes[length + 1] = 0;
    bytes[length + 2] = 0;
    const isKnownPair = this.#isKnownPair;
    const bucketOfTriple = this.#bucketOfTriple;
    const endPair = (Math.min(length, range.to - start) + 1) >> 1;
    for (let pair = Math.max(0, range.from - start) >> 1; pair < endPair; pair += 1) {
      if (isKnownPair[pairs[pair]!] === 0) continue;
      const at = pair << 1;
      const bucket = bucketOfTriple[tripleOf(bytes[at]!, bytes[at + 1]!, bytes[at + 2]!)]!;
      if (bucket !== 0 && this.#confirm(bucket, text, start, at, range)) {
        // What was found is a secret, as like as not: it shall not stay in here.
        bytes.fill(0, 0, length);
        return true;
      }
    }
    return false;
  }

  #confirm(bucket: number, text: string, start: number, at: number, { from, to }: Range): boolean {
    for (const { literal, codes, shift } of this.#buckets[bucket]!) {
      if (!hasCodes(at - shift, codes)) continue;
      const begin = start + at - shift;
      const end = begin + codes.length;
      if (begin < from || end > to || text.slice(begin, end).toLowerCase() !== literal.text) continue;
      const { behind } = literal;
      if (behind === undefined) return true;
      behind.lastIndex = end;
      if (behind.test(text)) return true;
    }
    return false;
  }

  #add(literal: Literal, shift: number): void {
    const { text } = literal;
    for (const first of casesOf(text, shift)) {
      for (const second of casesOf(text, shift + 1)) this.#isKnownPair[pairOf(first, second)] = 1;
    }
    const triple = tripleOf(text.charCodeAt(shift), text.charCodeAt(shift + 1), text.charCodeAt(shift + 2));
    if (this.#bucketOfTriple[triple] === 0) this.#bucketOfTriple[triple] = this.#buckets.push([]) - 1;
    this.#buckets[this.#bucketOfTriple[triple]!]!.push({
      literal,
      codes: Buffer.from(text, "latin1"),
      shift,
    });
  }
}
