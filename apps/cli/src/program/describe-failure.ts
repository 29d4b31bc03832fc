import { CommandError } from "../errors/command-error.js";
import { exitCodes } from "../errors/exit-codes.js";
import { UsageError } from "../errors/usage-error.js";

/** Codes of `QueryError`, `RetentionError` and `LoggerOptionsError` that speak about what was typed. */
const usageCodes: ReadonlySet<string> = new Set([
  "BAD_TIME",
  "BAD_TIME_ZONE",
  "BAD_RANGE",
  "BAD_LIMIT",
  "BAD_ORDER",
  "BAD_FILTER",
  "BAD_PATTERN",
  "STDIN_FOLLOW",
  "AMBIGUOUS_ID",
  "CURSOR_MISMATCH",
  "BAD_OPTION",
  "BAD_POLICY",
  "BAD_SCOPE",
  "BAD_ARCHIVE_DIRECTORY",
  "BAD_TARGET",
]);

export interface Failure {
  /** One line: what, where, what to do. */
  readonly message: string;
  readonly exitCode: number;
}

/** What to tell about an error, and what to end with. */
export function describeFailure(error: unknown): Failure {
  const message = oneLine(error instanceof Error ? error.message : String(error));
  if (error instanceof UsageError) return { message, exitCode: exitCodes.usage };
  if (error instanceof CommandError) return { message, exitCode: error.exitCode };
  const code = codeOf(error);
  if (code === "MALFORMED") return { message, exitCode: exitCodes.damaged };
  if (usageCodes.has(code)) return { message, exitCode: exitCodes.usage };
  const isOurs =
    error instanceof Error &&
    /^(Query|Storage|Write|Retention|Flush|Logger|LoggerOptions|Definition)Error$/.test(error.name);
  if (isOurs || isFileError(error)) return { message, exitCode: exitCodes.failed };
  return {
    message: `unexpected: ${message}; run it again with --debug and report what it shows`,
    exitCode: exitCodes.failed,
  };
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}

function isFileError(error: unknown): boolean {
  return error instanceof Error && "syscall" in error;
}

function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, " ").trim();
}
