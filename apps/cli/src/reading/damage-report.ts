import type { Problem, QueryReport } from "@prodigy-events/query";
import { exitCodes } from "../errors/exit-codes.js";
import { limits } from "../limits.js";
import { formatCount, plural } from "../output/count-text.js";
import type { Messages } from "../output/messages.js";

/**
 * Says on standard error what could not be read and where: nothing when all was well. Returns what to end with because
 * of it: damage in a file is counted and no failure, a file that the system does not let us read is one.
 */
export function reportDamage(report: QueryReport, messages: Messages): number {
  const summary = summarizeDamage(report);
  if (summary === undefined) return exitCodes.done;
  messages.warn(`${summary}; run 'events verify'`);
  for (const problem of report.problems.slice(0, limits.namedProblems))
    messages.note(`  ${describeProblem(problem)}`);
  const unnamed = report.malformed + report.torn + report.unreadable - limits.namedProblems;
  if (unnamed > 0) messages.note(`  and ${formatCount(unnamed)} more`);
  return report.problems.some(({ reason }) => reason === "unreadable") ? exitCodes.failed : exitCodes.done;
}

/** `3 malformed lines in 2 files (0.01 %), 1 torn tail`; undefined when there is nothing to report. */
export function summarizeDamage(report: QueryReport): string | undefined {
  const parts: string[] = [];
  if (report.malformed > 0) {
    const share = (100 * report.malformed) / Math.max(report.linesRead, 1);
    const shown = share < 0.01 ? "< 0.01" : share.toFixed(share < 1 ? 2 : 1);
    parts.push(
      `${plural(report.malformed, "malformed line")} in ${plural(report.problemFiles, "file")} (${shown} %)`,
    );
  }
  if (report.torn > 0) parts.push(plural(report.torn, "torn tail"));
  if (report.unreadable > 0)
    parts.push(`${plural(report.unreadable, "file")} that could not be read to the end`);
  return parts.length === 0 ? undefined : parts.join(", ");
}

/** `path:offset length reason preview`; of a file as a whole, what is wrong with it. */
export function describeProblem({ path, offset, length, reason, message, preview }: Problem): string {
  if (reason === "unreadable" || reason === "removed") return message;
  const shown = preview === "" ? message : preview.trim();
  return `${path}:${offset} ${length} ${reason} ${shown}`.trimEnd();
}
