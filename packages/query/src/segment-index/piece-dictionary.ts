import { absent, codeCount, type Rows, unlisted } from "../scan/kernel.js";

/** The texts of one column in a piece of an index, by codes of its own from 1 on. */
export class PieceDictionary {
  readonly texts: string[] = [];
  unlistedCount = 0;
  readonly #textOf: (code: number) => string;
  /** By code of the kernel: the code here; -1 as long as it has none. */
  readonly #codes = new Int32Array(codeCount).fill(-1);
  /** By code here. */
  readonly #counts = new Uint32Array(codeCount);

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
    const codes = this.#codes;
    const counts = this.#counts;
    for (let row = from, place = at; row < to; row++, place++) {
      const code = source[row]!;
      if (isDecided[row] === 0) {
        target[place] = absent;
        continue;
      }
      const known = code < codeCount ? codes[code]! : -1;
      const own = known < 0 ? this.#enter(code) : known;
      target[place] = own;
      if (own < codeCount) counts[own]!++;
    }
  }

  #enter(code: number): number {
    if (code === unlisted) {
      this.unlistedCount++;
      return unlisted;
    }
    const own = this.texts.push(this.#textOf(code));
    this.#codes[code] = own;
    return own;
  }
}
