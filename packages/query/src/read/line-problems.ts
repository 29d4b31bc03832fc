import type { DecodeReason } from "@prodigy-events/schema";
import type { Line, LineProblem } from "@prodigy-events/storage";
import { QueryError } from "../errors.js";
import type { Problem } from "../report/query-report.js";
import type { ReadContext } from "./read-context.js";

const previewBytes = 60;

/** Counts and locates a line that is no record. */
export function reportMalformedLine(
  reason: DecodeReason,
  message: string,
  line: Line,
  path: string,
  context: ReadContext,
): void {
  const preview = Buffer.from(line.text.slice(0, previewBytes)).subarray(0, previewBytes).toString();
  context.report.malformed++;
  reportMalformed({ path, offset: line.offset, length: line.length, reason, message, preview }, context);
}

/** Counts and locates bytes that are no line of text, other than a tail. */
export function reportDamage(damage: LineProblem, path: string, context: ReadContext): void {
  context.report.linesRead++;
  context.report.bytesRead += damage.length + 1;
  context.report.malformed++;
  reportMalformed({ ...damage, path }, context);
}

/**
 * Counts a last line without a line feed: torn when nobody will finish it, else pending. NUL bytes are what a power
 * failure leaves; no writer finishes those.
 */
export function reportTail(tail: LineProblem, path: string, isClosed: boolean, context: ReadContext): void {
  context.report.linesRead++;
  context.report.bytesRead += tail.length;
  if (isClosed || tail.preview.includes("\0")) {
    context.report.torn++;
    context.report.locate({ ...tail, path });
  } else {
    context.report.pending++;
    context.report.pendingBytes += tail.length;
  }
}

/** Notes a file that could not be read, or not to its end. */
export function reportUnreadable(path: string, offset: number, error: unknown, context: ReadContext): void {
  const message = error instanceof Error ? error.message : String(error);
  context.report.unreadable++;
  context.report.locate({ path, offset, length: 0, reason: "unreadable", message, preview: "" });
}

function reportMalformed(problem: Problem, context: ReadContext): void {
  context.report.locate(problem);
  if (!context.strict) return;
  const where = `${problem.path}:${problem.offset}`;
  throw new QueryError("MALFORMED", `malformed line at ${where}: ${problem.message}`, { path: problem.path });
}
