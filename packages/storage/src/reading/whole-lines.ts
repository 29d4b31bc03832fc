import { isAscii, isUtf8 } from "node:buffer";
import { limits } from "../limits.js";
import type { Line, LineProblem, ProblemReason } from "./line.js";
import { byteOrderMarkLength, isBlank, judgeLine, lineProblem, problemMessage } from "./raw-line.js";

const lineEnd = 0x0a;

/** What it takes to judge lines. */
export interface LineRules {
  path: string;
  maxLineBytes: number;
  closed: boolean;
  onProblem(problem: LineProblem): void;
  /** Is told of lines of white space; `undefined` costs nothing, and a small compressed file can hold millions. */
  onBlank: ((offset: number, length: number) => void) | undefined;
}

/**
 * Cuts a block that begins at the start of a line and ends with a line end, and appends its lines to `lines`. The
 * block is checked as a whole; only if it holds a bad line are lines checked one by one.
 */
export function cutWholeLines(block: Buffer, blockOffset: number, rules: LineRules, lines: Line[]): void {
  const encoding = encodingOf(block);
  const { onBlank } = rules;
  for (let start = 0; start < block.length; ) {
    if (block[start] === lineEnd) {
      if (onBlank) onBlank(blockOffset + start, 0);
      start += 1;
      continue;
    }
    const end = block.indexOf(lineEnd, start);
    const length = end - start;
    const offset = blockOffset + start;
    if (encoding === undefined || length > rules.maxLineBytes || offset === 0) {
      takeLine(block.subarray(start, end), offset, rules, lines);
    } else if ((block[start] as number) > 0x20 || !isBlank(block, start, end)) {
      lines.push({ text: block.toString(encoding, start, end), offset, length });
    } else {
      onBlank?.(offset, length);
    }
    start = end + 1;
  }
}

/** The cheapest correct decoding of a block; `undefined` when a line in it is bad. */
function encodingOf(block: Buffer): "latin1" | "utf8" | undefined {
  if (block.includes(0)) return undefined;
  if (isAscii(block)) return "latin1";
  return isUtf8(block) ? "utf8" : undefined;
}

/** Judges one line by its raw bytes (without line end): appends it, skips it, or reports it. */
export function takeLine(raw: Buffer, offset: number, rules: LineRules, lines: Line[]): void {
  if (raw.length > rules.maxLineBytes) {
    reportLine("too_long", offset, raw.length, raw, rules);
    return;
  }
  const skipped = offset === 0 ? byteOrderMarkLength(raw) : 0;
  const judged = judgeLine(skipped === 0 ? raw : raw.subarray(skipped));
  if ("reason" in judged) reportLine(judged.reason, offset, raw.length, raw, rules);
  else if (judged.text === "") rules.onBlank?.(offset + skipped, raw.length - skipped);
  else lines.push({ text: judged.text, offset: offset + skipped, length: raw.length - skipped });
}

/** Reports a line, or what is left of one; `beginning` are its first bytes. */
export function reportLine(
  reason: Exclude<ProblemReason, "compression">,
  offset: number,
  length: number,
  beginning: Uint8Array,
  rules: LineRules,
): void {
  const shown = beginning.subarray(0, limits.previewBytes);
  const place = { path: rules.path, offset, length, beginning: shown };
  rules.onProblem(lineProblem(reason, place, problemMessage(reason, length, rules)));
}
