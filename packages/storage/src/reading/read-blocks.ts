import { limits } from "../limits.js";
import type { Segment } from "../segments/segment.js";
import { BlockSplitter } from "./block-splitter.js";
import type { Damage } from "./content.js";
import type { Line, LineBlock, LineProblem, ReadOptions } from "./line.js";
import { contentOf, openSegment } from "./open-content.js";
import { prefetch } from "./prefetch.js";
import { compressionProblem } from "./raw-line.js";
import { readSettings } from "./read-settings.js";
import { cutWholeLines } from "./whole-lines.js";

/**
 * The lines of a segment as they stand in it, in order, in blocks: for whoever looks at the bytes of most lines and
 * needs the text of few. `linesOf` cuts a block into the lines that `readLines` gives. What is no line at all (a tail,
 * damaged compression, a line too long to be held) goes to `onProblem` here; what is wrong within a block, there.
 * Opening, closing, memory and errors are those of `readLines`.
 */
export async function* readBlocks(
  segment: Segment | string,
  options: ReadOptions,
): AsyncGenerator<LineBlock, void> {
  const settings = readSettings(options);
  const { fs, signal, onProblem } = settings;
  signal?.throwIfAborted();
  const file = await openSegment(segment, fs);
  try {
    const { path } = file;
    const splitter = new BlockSplitter({ ...settings, path });
    const onDamage = (damage: Damage) => onProblem(compressionProblem(path, damage));
    for await (const piece of prefetch(contentOf(file, { ...settings, onDamage }, fs))) {
      signal?.throwIfAborted();
      yield* splitter.push(piece);
    }
    splitter.end();
  } finally {
    await fs.close(file.fd);
  }
}

/** Where a block was read, and who is told of its bad lines; as in `ReadOptions`. */
export interface BlockRules {
  path: string;
  maxLineBytes?: number;
  onProblem(problem: LineProblem): void;
}

/** The lines of a block, or of any part of one that holds whole lines. Its bad lines go to `onProblem`. */
export function linesOf({ offset, bytes }: LineBlock, rules: BlockRules): Line[] {
  const { path, maxLineBytes = limits.maxLineBytes } = rules;
  const lines: Line[] = [];
  const onProblem = (problem: LineProblem) => rules.onProblem(problem);
  cutWholeLines(bytes, offset, { path, maxLineBytes, closed: false, onProblem, onBlank: undefined }, lines);
  return lines;
}
