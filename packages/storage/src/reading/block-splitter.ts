import type { ContentPiece } from "./content.js";
import type { LineBlock } from "./line.js";
import { UnfinishedLine } from "./unfinished-line.js";
import { type LineRules, reportLine } from "./whole-lines.js";

const lineEnd = 0x0a;

/**
 * Cuts content into blocks of whole lines at 0x0A, piece by piece. Only a line that spans pieces is copied, and is a
 * block of its own; a line over the limit is counted and not kept. How the content is cut into pieces makes no
 * difference to the lines.
 */
export class BlockSplitter {
  readonly #rules: LineRules;
  /** The beginning of a line; with its line end a byte longer than a line may be. */
  readonly #unfinished: UnfinishedLine;

  constructor(rules: LineRules) {
    this.#rules = rules;
    this.#unfinished = new UnfinishedLine(rules.maxLineBytes + 1);
  }

  /** The lines that end in this piece, as blocks that are valid as long as the piece is. */
  push({ offset, bytes, afterDamage = false }: ContentPiece): LineBlock[] {
    if (afterDamage) this.end();
    const blocks: LineBlock[] = [];
    let start = 0;
    if (!this.#unfinished.isEmpty) {
      start = bytes.indexOf(lineEnd) + 1;
      this.#unfinished.append(start === 0 ? bytes : bytes.subarray(0, start), offset);
      if (start === 0) return blocks;
      this.#finishLine(blocks);
    }
    const blockEnd = bytes.lastIndexOf(lineEnd) + 1;
    if (blockEnd > start) blocks.push({ offset: offset + start, bytes: bytes.subarray(start, blockEnd) });
    const rest = Math.max(start, blockEnd);
    if (rest < bytes.length) this.#unfinished.append(bytes.subarray(rest), offset + rest);
    return blocks;
  }

  /** Reports what is left after the last line end. */
  end(): void {
    const { offset, length, isEmpty } = this.#unfinished;
    if (!isEmpty) reportLine("tail", offset, length, this.#unfinished.beginning(), this.#rules);
    this.#unfinished.clear();
  }

  /** The line that began in an earlier piece. */
  #finishLine(blocks: LineBlock[]): void {
    const { offset, length } = this.#unfinished;
    const bytes = this.#unfinished.whole();
    if (bytes !== undefined) blocks.push({ offset, bytes });
    else reportLine("too_long", offset, length - 1, this.#unfinished.beginning(), this.#rules);
    this.#unfinished.clear();
  }
}
