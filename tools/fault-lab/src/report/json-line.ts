import { release } from "node:os";
import type { RowResult } from "../row.js";
import type { TimedResult } from "../run/run-row.js";
import { type Verdict, verdictOf } from "../run/verdict.js";
import { columns } from "./columns.js";

type JsonLine = Pick<RowResult, "row" | "n" | "lost" | "dup" | "seed" | "skipped" | "failures"> & {
  readonly acked: number;
  readonly ms: number;
  readonly verdict: Verdict;
  readonly figures?: Readonly<Record<string, number>>;
};

/** One result as the line of JSON that programs read. */
export function jsonLine({ result, ms }: TimedResult): string {
  const { row, n, acked = 0, lost, dup, seed, skipped, failures, figures = {} } = result;
  const others = Object.entries(figures).filter(([name]) => !columns.includes(name));
  return JSON.stringify({
    ...{ row, n, acked, lost, dup },
    ...Object.fromEntries(columns.map((name) => [name, figures[name] ?? 0])),
    ...{ ms, seed, node: process.version, kernel: release() },
    verdict: verdictOf(result),
    ...(skipped === undefined ? {} : { skipped }),
    ...(failures.length === 0 ? {} : { failures }),
    ...(others.length === 0 ? {} : { figures: Object.fromEntries(others) }),
  });
}

/** The result that a line of JSON tells of. */
export function resultOf(line: string): TimedResult {
  const said = JSON.parse(line) as JsonLine & Record<string, unknown>;
  const { row, n, acked, lost, dup, ms, seed, skipped, verdict, failures = [], figures = {} } = said;
  const own = Object.fromEntries(columns.map((name) => [name, Number(said[name])]));
  const result: RowResult = {
    ...{ row, n, acked, lost, dup, failures, figures: { ...own, ...figures } },
    ...(seed === undefined ? {} : { seed }),
    ...(skipped === undefined ? {} : { skipped }),
    ...(verdict === "compared" ? { comparison: row } : {}),
  };
  return { result, ms };
}
