import { absent, type Rows, unlisted } from "../scan/kernel.js";

const firstCodes = 256;

/** The texts of one column in a piece of an index, by codes of its own from 1 on. */
export class PieceDictionary {
  readonly texts: string[] = [];
  unlistedCount = 0;
  readonly #textOf: (code: number) => string;
  /** By code of the kernel: the code here; -1 as long as it has none. Grown as codes come: most pieces have few. */
  #codes = new Int32Array(firstCodes).fill(-1);
  /** By code here. */
  #counts = new Uint32Array(firstCodes);

  /** @param textOf the text of a code of the kernel */
  constructor(textOf: (code: number) => string) {
    this.#textOf = textOf;
    this.#codes[absent] = absent;
  }

  /** How many decided rows have each code, `absent` first. */
  get counts(): Uint32Array {
    return this.#counts.slice(0, this.texts.length + 1);
  }

  /** Writes the codes here of the rows from `from` up to `to` into `target`, from `at` on; those of undecided rows too. */
  take(
    source: Uint32Array,
    { isDecided }: Rows,
    from: number,
    to: number,
    target: Float64Array,
    at: number,
  ): void {
    let codes = this.#codes;
    let counts = this.#counts;
    for (let row = from, place = at; row < to; row++, place++) {
      const code = source[row]!;
      if (isDecided[row] === 0) {
        target[place] = absent;
        continue;
      }
      let own = code < codes.length ? codes[code]! : -1;
      if (own < 0) {
        own = this.#enter(code);
        codes = this.#codes;
        counts = this.#counts;
      }
      target[place] = own;
      if (own !== unlisted) counts[own]!++;
    }
  }

  #enter(code: number): number {
    if (code === unlisted) {
      this.unlistedCount++;
      return unlisted;
    }
    const own = this.texts.push(this.#textOf(code));
    if (code >= this.#codes.length) {
      const codes = new Int32Array(2 * code).fill(-1);
      codes.set(this.#codes);
      this.#codes = codes;
    }
    if (own >= this.#counts.length) {
      const counts = new Uint32Array(2 * own);
      counts.set(this.#counts);
      this.#counts = counts;
    }
    this.#codes[code] = own;
    return own;
  }
}
