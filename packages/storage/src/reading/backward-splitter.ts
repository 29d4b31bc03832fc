import type { ContentPiece } from "./content.js";
import type { Line } from "./line.js";
import { UnfinishedLine } from "./unfinished-line.js";
import { cutWholeLines, type LineRules, reportLine, takeLine } from "./whole-lines.js";

const lineEnd = 0x0a;

/** Cuts content into lines as `LineSplitter` does, but takes the pieces from the last to the first. */
export class BackwardSplitter {
  readonly #rules: LineRules;
  /** The bytes before what has been cut: the end of a line whose beginning is yet to come. */
  readonly #unfinished: UnfinishedLine;
  /** False as long as no line end was seen: what comes before it is a tail. */
  #hasLineEnd = false;

  constructor(rules: LineRules) {
    this.#rules = rules;
    this.#unfinished = new UnfinishedLine(rules.maxLineBytes);
  }

  /** The lines that begin in this piece or right after it, newest first. */
  push({ offset, bytes, afterDamage: beforeDamage = false }: ContentPiece): Line[] {
    const lines = beforeDamage ? this.end() : [];
    const firstEnd = bytes.indexOf(lineEnd);
    if (firstEnd === -1) {
      this.#unfinished.prepend(bytes, offset);
      return lines;
    }
    const blockEnd = bytes.lastIndexOf(lineEnd) + 1;
    this.#unfinished.prepend(bytes.subarray(blockEnd), offset + blockEnd);
    lines.push(...this.#finishLine());
    const block: Line[] = [];
    cutWholeLines(bytes.subarray(firstEnd + 1, blockEnd), offset + firstEnd + 1, this.#rules, block);
    this.#hasLineEnd = true;
    this.#unfinished.prepend(bytes.subarray(0, firstEnd), offset);
    return lines.concat(block.reverse());
  }

  /** What is left is the first line, or what comes right after damage. */
  end(): Line[] {
    const lines = this.#finishLine();
    this.#hasLineEnd = false;
    return lines;
  }

  #finishLine(): Line[] {
    const lines: Line[] = [];
    const { offset, length, isEmpty } = this.#unfinished;
    if (!isEmpty) {
      const raw = this.#unfinished.whole();
      const reason = this.#hasLineEnd ? "too_long" : "tail";
      if (raw !== undefined && this.#hasLineEnd) takeLine(raw, offset, this.#rules, lines);
      else reportLine(reason, offset, length, this.#unfinished.beginning(), this.#rules);
    }
    this.#unfinished.clear();
    return lines;
  }
}
