import { limits } from "../limits.js";

/** A literal that is looked for. */
export interface Literal {
  /** Lower-case ASCII that JSON never escapes, at least four characters. Found in any case. */
  readonly text: string;
  /** ASCII characters of which one must stand right behind it for it to count: looked at before anything else. */
  readonly next?: string;
  /** What must match right behind it (sticky) for it to count. Needs constant or overall linear time. */
  readonly behind?: RegExp;
  /** How many characters around the literal that looks at, when they are few and only ASCII matters: less is decoded. */
  readonly reach?: number;
}

/** Memory with encoded text, in the two ways it is looked at. */
export interface TextMemory {
  readonly bytes: Uint8Array;
  readonly buffer: Buffer;
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

function canBeFollowedBy(code: number, { next }: Literal): boolean {
  return next === undefined || next.includes(String.fromCharCode(code));
}

/** Shared by all scans of texts, which run to their end at once. */
const scratchBytes = new Uint8Array(limits.scanChunkLength + 8);
const scratch: TextMemory = { bytes: scratchBytes, buffer: Buffer.from(scratchBytes.buffer) };

/** Three characters, case and high bits aside. */
function tripleOf(first: number, second: number, third: number): number {
  return ((first & 31) << 10) | ((second & 31) << 5) | (third & 31);
}

/** A bit for each of some characters, or all bits. */
function bitsOf(characters: string | undefined): number {
  if (characters === undefined) return -1;
  return Array.from(characters).reduce((bits, character) => bits | (1 << (character.charCodeAt(0) & 31)), 0);
}

/** Whether the bytes at a place are these lower-case ones, in any case. */
function hasCodes(bytes: Uint8Array, at: number, codes: Uint8Array): boolean {
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
 * It looks up three characters at every second place only: a literal of four characters or more has three that begin
 * at such a place, its first or its second. Where they are known, and may be followed by what follows them, the literals
 * themselves are compared.
 */
export class LiteralScan {
  /** For two characters, and for three, a bit for each that may follow: all by their low five bits. */
  readonly #thirdCharacters = new Int32Array(1 << 10);
  readonly #fourthCharacters = new Int32Array(1 << 15);
  readonly #candidates = new Map<number, Candidate[]>();
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

  /**
   * What {@link test} says of UTF-8 text in memory, which goes from `from` to `end`: whether a literal occurs in it
   * before `to`.
   */
  testBytes({ bytes, buffer }: TextMemory, from: number, to: number, end: number): boolean {
    let text: string | undefined;
    for (let at = this.#nextPlace(bytes, from, to); at !== -1; at = this.#nextPlace(bytes, at + 2, to)) {
      for (const { literal, codes, shift } of this.#candidatesAt(bytes, at)) {
        const begin = at - shift;
        if (begin < from || begin + codes.length > to || !hasCodes(bytes, begin, codes)) continue;
        if (!canBeFollowedBy(bytes[begin + codes.length]!, literal)) continue;
        const { behind, reach } = literal;
        if (behind === undefined) return true;
        if (reach !== undefined) {
          const start = Math.max(from, begin - reach);
          behind.lastIndex = begin + codes.length - start;
          if (behind.test(buffer.toString("latin1", start, Math.min(end, begin + codes.length + reach))))
            return true;
          continue;
        }
        text ??= buffer.toString("utf8", from, end);
        if (text.length < end - from) {
          // Where not every character is one byte, places in the text are others than in the bytes.
          return this.test(text, 0, buffer.toString("utf8", from, to).length);
        }
        behind.lastIndex = begin + codes.length - from;
        if (behind.test(text)) return true;
      }
    }
    return false;
  }

  /** Looks through a part of the text that begins at `start`. */
  #testChunk(text: string, chunk: string, start: number, range: Range): boolean {
    const { bytes, buffer } = scratch;
    // Latin-1 keeps one byte per character: another character may look like a letter in it, which the comparison
    // with the text sorts out, but no letter is lost.
    const length = buffer.write(chunk, 0, "latin1");
    const to = Math.min(length, range.to - start);
    let at = this.#nextPlace(bytes, Math.max(0, range.from - start), to);
    for (; at !== -1; at = this.#nextPlace(bytes, at + 2, to)) {
      if (this.#candidatesAt(bytes, at).some((candidate) => isIn(text, start, at, candidate, range))) {
        // What was found is a secret, as like as not: it shall not stay in here.
        bytes.fill(0, 0, length);
        return true;
      }
    }
    return false;
  }

  /**
   * Of every second place from `from` on the first at which a literal may be; -1 when there is none that ends before
   * `to`. Looks at two places in each round, and at three bytes behind `to`.
   */
  #nextPlace(bytes: Uint8Array, from: number, to: number): number {
    const thirds = this.#thirdCharacters;
    let first = bytes[from]! & 31;
    for (let at = from; at < to - 2; at += 4) {
      const third = bytes[at + 2]! & 31;
      const fifth = bytes[at + 4]! & 31;
      const pair = (first << 5) | (bytes[at + 1]! & 31);
      const next = (third << 5) | (bytes[at + 3]! & 31);
      if ((((thirds[pair]! >>> third) | (thirds[next]! >>> fifth)) & 1) !== 0) {
        if (this.#mayBeAt(bytes, at)) return at;
        if (this.#mayBeAt(bytes, at + 2)) return at + 2;
      }
      first = fifth;
    }
    return -1;
  }

  /** Whether the four characters at a place begin a literal, or follow its first character. */
  #mayBeAt(bytes: Uint8Array, at: number): boolean {
    const next = this.#fourthCharacters[tripleOf(bytes[at]!, bytes[at + 1]!, bytes[at + 2]!)]!;
    return ((next >>> (bytes[at + 3]! & 31)) & 1) !== 0;
  }

  #candidatesAt(bytes: Uint8Array, at: number): readonly Candidate[] {
    return this.#candidates.get(tripleOf(bytes[at]!, bytes[at + 1]!, bytes[at + 2]!))!;
  }

  #add(literal: Literal, shift: number): void {
    const { text, next } = literal;
    const triple = tripleOf(text.charCodeAt(shift), text.charCodeAt(shift + 1), text.charCodeAt(shift + 2));
    const candidate = { literal, codes: Buffer.from(text, "latin1"), shift };
    this.#thirdCharacters[triple >>> 5]! |= 1 << (triple & 31);
    this.#fourthCharacters[triple]! |= shift + 3 < text.length ? bitsOf(text[shift + 3]!) : bitsOf(next);
    this.#candidates.set(triple, [...(this.#candidates.get(triple) ?? []), candidate]);
  }
}

/** Whether a candidate found at a place of a chunk is in the text itself, of which the chunk begins at `start`. */
function isIn(text: string, start: number, at: number, candidate: Candidate, { from, to }: Range): boolean {
  const { literal, codes, shift } = candidate;
  if (!hasCodes(scratchBytes, at - shift, codes)) return false;
  const begin = start + at - shift;
  const end = begin + codes.length;
  if (begin < from || end > to || text.slice(begin, end).toLowerCase() !== literal.text) return false;
  if (!canBeFollowedBy(text.charCodeAt(end), literal)) return false;
  const { behind } = literal;
  if (behind === undefined) return true;
  behind.lastIndex = end;
  return behind.test(text);
}
