import { isUtf8 } from "node:buffer";
import { limits } from "../limits.js";
import type { Damage } from "./content.js";
import type { LineProblem, ProblemReason } from "./line.js";

/** Of a line's raw bytes: its text, `""` for one that is only white space, or what is wrong with it. */
export function judgeLine(raw: Buffer): { text: string } | { reason: "nul" | "utf8" } {
  if (raw.includes(0)) return { reason: "nul" };
  if (!isUtf8(raw)) return { reason: "utf8" };
  return { text: isBlank(raw, 0, raw.length) ? "" : raw.toString("utf8") };
}

/** True when the bytes from `start` to `end` are nothing but JSON's white space: such a line is no record. */
export function isBlank(bytes: Uint8Array, start: number, end: number): boolean {
  for (let index = start; index < end; index += 1) {
    const byte = bytes[index];
    if (byte !== 0x20 && byte !== 0x0d && byte !== 0x09) return false;
  }
  return true;
}

/** Length of the UTF-8 byte order mark that `bytes` begin with, 0 or 3. */
export function byteOrderMarkLength(bytes: Uint8Array): 0 | 3 {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
}

/** Where a problem is: everything but the words. */
export interface ProblemPlace {
  path: string;
  offset: number;
  length: number;
  /** Raw bytes from the offset on, as many as are known. */
  beginning: Uint8Array;
}

/** A problem in words. */
export function lineProblem(
  reason: ProblemReason,
  { path, offset, length, beginning }: ProblemPlace,
  message: string,
): LineProblem {
  const shown = beginning.subarray(0, Math.min(length, limits.previewBytes));
  const preview = Buffer.from(shown.buffer, shown.byteOffset, shown.byteLength).toString("utf8");
  return { path, offset, length, reason, message, preview };
}

/** Damage of compressed data as a problem. There is nothing to preview: what cannot be inflated cannot be shown. */
export function compressionProblem(path: string, { offset, length, message }: Damage): LineProblem {
  return { path, offset, length, reason: "compression", message, preview: "" };
}

/** What is wrong with a line, in words, for each reason that concerns a line. */
export function problemMessage(
  reason: Exclude<ProblemReason, "compression">,
  length: number,
  { maxLineBytes, closed }: { maxLineBytes: number; closed: boolean },
): string {
  if (reason === "nul") return "the line has a NUL byte, as after a power failure";
  if (reason === "utf8") return "the line is not valid UTF-8";
  if (reason === "too_long") return `the line has ${length} bytes, more than the ${maxLineBytes} allowed`;
  return closed ? "the last line is torn: it has no line end" : "the last line has no line end yet";
}
