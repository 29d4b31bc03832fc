import type { TimedResult } from "../run/run-row.js";
import { type Verdict, verdictOf } from "../run/verdict.js";
import { columns } from "./columns.js";

const headings = ["row", "cases", "acknowledged", "lost", "twice", "seconds", "result", "figures"];
const alignment = ["---", "---:", "---:", "---:", "---:", "---:", "---", "---"];

/** What is said of a result: a comparison has no bar to pass. */
const words: Record<Verdict, string> = { passed: "ok", failed: "FAILED", skipped: "skipped", compared: "–" };

/** All results as a Markdown table. The seconds of a row with several results stand at its first one. */
export function table(results: readonly TimedResult[]): string {
  const rows = results.map((timed, index) => cells(timed, rowIdOf(results[index - 1]) !== rowIdOf(timed)));
  return [headings, alignment, ...rows].map((line) => `| ${line.join(" | ")} |`).join("\n");
}

function rowIdOf(timed: TimedResult | undefined): string | undefined {
  return timed && `${timed.result.row.split(" ")[0]} ${timed.ms}`;
}

function cells({ result, ms }: TimedResult, isFirst: boolean): string[] {
  const { row, n, acked = 0, lost, dup, skipped, figures = {} } = result;
  const shown = Object.entries(figures).filter(([name, value]) => value !== 0 || !columns.includes(name));
  const said = shown.map(([name, value]) => `${inWords(name)} ${grouped(value)}`);
  const verdict = verdictOf(result);
  const isMeasured = verdict !== "skipped";
  return [
    row,
    isMeasured ? grouped(n) : "",
    isMeasured && acked > 0 ? grouped(acked) : "",
    isMeasured ? grouped(lost) : "",
    isMeasured ? grouped(dup) : "",
    isFirst ? (ms / 1000).toFixed(1) : "",
    words[verdict],
    skipped ?? said.join(", "),
  ].map((cell) => cell.replaceAll("|", "\\|"));
}

/** `staleTemporaries` as "stale temporaries"; names that are words already stay. */
function inWords(name: string): string {
  return name.includes(" ")
    ? name
    : name.replace(/[A-Z]+(?![a-z])|[A-Z][a-z0-9]*/g, (word) => ` ${word.toLowerCase()}`);
}

function grouped(value: number): string {
  const [whole = "", fraction] = String(value).split(".");
  const withCommas = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return fraction === undefined ? withCommas : `${withCommas}.${fraction}`;
}
