import type { ContentPiece } from "./content.js";
import type { Line } from "./line.js";
import { UnfinishedLine } from "./unfinished-line.js";
import { cutWholeLines, type LineRules, reportLine, takeLine } from "./whole-lines.js";

const lineEnd = 0x0a;

/**
 * Cuts content into lines at 0x0A, piece by piece. Only a line that spans pieces is copied; a line over the limit
 * is counted and not kept. How the content is cut into pieces makes no difference to the result.
 */
export class LineSplitter {
  readonly #rules: LineRules;
  readonly #unfinished: UnfinishedLine;

  constructor(rules: LineRules) {
    this.#rules = rules;
    this.#unfinished = new UnfinishedLine(rules.maxLineBytes);
  }

  /** The lines that end in this piece. */
  push({ offset, bytes, afterDamage = false }: ContentPiece): Line[] {
    if (afterDamage) this.end();
    const lines: Line[] = [];
    let start = 0;
    if (!this.#unfinished.isEmpty) {
      const end = bytes.indexOf(lineEnd);
      this.#unfinished.append(end === -1 ? bytes : bytes.subarray(0, end), offset);
      if (end === -1) return lines;
      this.#finishLine(lines);
      start = end + 1;
    }
    const blockEnd = bytes.lastIndexOf(lineEnd) + 1;
    if (blockEnd > start) cutWholeLines(bytes.subarray(start, blockEnd), offset + start, this.#rules, lines);
    const rest = Math.max(start, blockEnd);
    if (rest < bytes.length) this.#unfinished.append(bytes.subarray(rest), offset + rest);
    return lines;
  }

  /** Reports what is left after the last line end. */
  end(): void {
    const { offset, length, isEmpty } = this.#unfinished;
    if (!isEmpty) reportLine("tail", offset, length, this.#unfinished.beginning(), this.#rules);
    this.#unfinished.clear();
  }

  /** The line that began in an earlier piece. */
  #finishLine(lines: Line[]): void {
    const { offset, length } = this.#unfinished;
    const raw = this.#unfinished.whole();
    if (raw === undefined) reportLine("too_long", offset, length, this.#unfinished.beginning(), this.#rules);
    else takeLine(raw, offset, this.#rules, lines);
    this.#unfinished.clear();
  }
}
