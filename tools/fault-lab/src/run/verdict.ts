import type { RowResult } from "../row.js";

/** A result of another logger: it stands in the table for comparison and fails nothing. */
export interface ComparisonResult extends RowResult {
  readonly comparison: string;
}

/** How a result counts. */
export type Verdict = "passed" | "failed" | "skipped" | "compared";

/** Nothing lost, nothing twice, nothing else wrong: the bar of every row. */
export function verdictOf(result: RowResult): Verdict {
  if (isComparison(result)) return "compared";
  if (result.skipped !== undefined) return "skipped";
  return result.lost === 0 && result.dup === 0 && result.failures.length === 0 ? "passed" : "failed";
}

function isComparison(result: RowResult): result is ComparisonResult {
  return "comparison" in result;
}
