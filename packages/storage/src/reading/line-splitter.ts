import { BlockSplitter } from "./block-splitter.js";
import type { ContentPiece } from "./content.js";
import type { Line } from "./line.js";
import { cutWholeLines, type LineRules } from "./whole-lines.js";

/** Cuts content into lines, piece by piece. How the content is cut into pieces makes no difference to the result. */
export class LineSplitter {
  readonly #rules: LineRules;
  readonly #blocks: BlockSplitter;

  constructor(rules: LineRules) {
    this.#rules = rules;
    this.#blocks = new BlockSplitter(rules);
  }

  /** The lines that end in this piece. */
  push(piece: ContentPiece): Line[] {
    const lines: Line[] = [];
    for (const { bytes, offset } of this.#blocks.push(piece))
      cutWholeLines(bytes, offset, this.#rules, lines);
    return lines;
  }

  /** Reports what is left after the last line end. */
  end(): void {
    this.#blocks.end();
  }
}
