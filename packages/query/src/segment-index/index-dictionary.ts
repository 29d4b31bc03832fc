import { absent, codeCount, unlisted } from "../scan/kernel.js";

/** Texts that an index has codes for in one column, as many as the kernel's; and their bytes, which are all read at once. */
const maxTexts = codeCount - 1;
const maxTextBytes = 2 << 20;
/** Of a text: its count and its length. */
const headBytes = 6;
/** Bytes that a dictionary takes at the most. */
export const maxDictionaryBytes = maxTexts * headBytes + maxTextBytes;

/** The texts of one column of an index, by codes from 1 on in the order in which they first appear, and how often they do. */
export class IndexDictionary {
  readonly #codes = new Map<string, number>();
  readonly #texts: Buffer[] = [];
  #bytes = 0;
  /** By code; `absent` counts the rows without a text. */
  #counts = new Uint32Array(1024);
  #unlistedCount = 0;

  /** The code of a text, or `unlisted` if there is no room for it. */
  enter(text: string): number {
    const known = this.#codes.get(text);
    if (known !== undefined) return known;
    const bytes = Buffer.from(text);
    if (this.#texts.length === maxTexts || this.#bytes + bytes.length > maxTextBytes) return unlisted;
    this.#bytes += bytes.length;
    const code = this.#texts.push(bytes);
    this.#codes.set(text, code);
    if (code >= this.#counts.length) {
      const counts = new Uint32Array(this.#counts.length * 2);
      counts.set(this.#counts);
      this.#counts = counts;
    }
    return code;
  }

  /**
   * Counts decided rows.
   *
   * @param table by code of a piece, the code here
   * @param counts by code of the piece, how many rows have it
   * @param unlistedRows how many have a text without a code there
   */
  count(table: Uint32Array, counts: Uint32Array, unlistedRows: number): void {
    this.#unlistedCount += unlistedRows;
    for (const [own, count] of counts.entries()) {
      const code = table[own]!;
      if (code === unlisted) this.#unlistedCount += count;
      else this.#counts[code]! += count;
    }
  }

  get texts(): number {
    return this.#texts.length;
  }

  get absentCount(): number {
    return this.#counts[absent]!;
  }

  get unlistedCount(): number {
    return this.#unlistedCount;
  }

  /** By code: counts (32 bits), then lengths in bytes (16 bits), then the texts in UTF-8. */
  encode(): Buffer {
    const count = this.#texts.length;
    const head = Buffer.alloc(count * headBytes);
    for (let at = 0; at < count; at++) {
      head.writeUInt32LE(this.#counts[at + 1]!, at * 4);
      head.writeUInt16LE(this.#texts[at]!.length, count * 4 + at * 2);
    }
    return Buffer.concat([head, ...this.#texts]);
  }
}

/** A dictionary as it is read from an index. */
export interface StoredDictionary {
  /** Of the codes from 1 on. */
  readonly texts: readonly string[];
  /** How many decided rows have the text, likewise. */
  readonly counts: Uint32Array;
}

/** Reads what `encode` gives; `undefined` if it is anything else. */
export function decodeDictionary(bytes: Buffer, count: number): StoredDictionary | undefined {
  if (count > maxTexts || bytes.length < count * headBytes) return undefined;
  const texts: string[] = [];
  const counts = new Uint32Array(count);
  let at = count * headBytes;
  for (let code = 0; code < count; code++) {
    counts[code] = bytes.readUInt32LE(code * 4);
    const end = at + bytes.readUInt16LE(count * 4 + code * 2);
    if (end > bytes.length) return undefined;
    texts.push(bytes.toString("utf8", at, end));
    at = end;
  }
  return at === bytes.length ? { texts, counts } : undefined;
}
