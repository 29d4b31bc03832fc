import { release } from "node:os";
import type { TimedResult } from "../run/run-row.js";
import { verdictOf } from "../run/verdict.js";

/** Figures with a column of their own; the others stand together under `figures`. */
const columns = ["corruptReported", "corruptActual", "gapsReported", "gapsActual"] as const;

/** One result as the line of JSON that programs read. */
export function jsonLine({ result, ms }: TimedResult): string {
  const { row, n, acked = 0, lost, dup, seed, skipped, failures, figures = {} } = result;
  const own = Object.fromEntries(columns.map((name) => [name, figures[name] ?? 0]));
  const others = Object.entries(figures).filter(([name]) => !(columns as readonly string[]).includes(name));
  return JSON.stringify({
    ...{ row, n, acked, lost, dup },
    ...own,
    ...{ ms, seed, node: process.version, kernel: release() },
    verdict: verdictOf(result),
    ...(skipped === undefined ? {} : { skipped }),
    ...(failures.length === 0 ? {} : { failures }),
    ...(others.length === 0 ? {} : { figures: Object.fromEntries(others) }),
  });
}
