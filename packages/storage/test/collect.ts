import type { Line, LineProblem, ReadOptions, Segment } from "../src/index.js";
import { readLines, readLinesBackward } from "../src/index.js";

/** Everything that reading a segment gave. */
export interface Collected {
  lines: Line[];
  problems: LineProblem[];
}

/** Reads all lines, forward or backward, and puts both results in order of their offsets. */
export async function collect(
  segment: Segment | string,
  options: Partial<ReadOptions> = {},
  read: typeof readLines = readLines,
): Promise<Collected> {
  const lines: Line[] = [];
  const problems: LineProblem[] = [];
  const onProblem = (problem: LineProblem) => problems.push(problem);
  for await (const batch of read(segment, { ...options, onProblem })) lines.push(...batch);
  if (read === readLinesBackward) lines.reverse();
  problems.sort((a, b) => a.offset - b.offset || (a.reason < b.reason ? -1 : 1));
  return { lines, problems };
}

/** The texts of lines. */
export function texts(lines: readonly Line[]): string[] {
  return lines.map(({ text }) => text);
}

/** Reason, offset and length of problems: what is compared most often. */
export function places(problems: readonly LineProblem[]): [string, number, number][] {
  return problems.map(({ reason, offset, length }) => [reason, offset, length]);
}
