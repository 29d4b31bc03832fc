import type { TimedResult } from "../run/run-row.js";
import { type Verdict, verdictOf } from "../run/verdict.js";

const headings = ["row", "cases", "acknowledged", "lost", "twice", "seconds", "result", "figures"];
const alignment = ["---", "---:", "---:", "---:", "---:", "---:", "---", "---"];

/** What is said of a result: a comparison has no bar to pass. */
const words: Record<Verdict, string> = { passed: "ok", failed: "FAILED", skipped: "skipped", compared: "–" };

/** All results as a Markdown table. */
export function table(results: readonly TimedResult[]): string {
  const lines = [headings, alignment, ...results.map(cells)].map((line) => `| ${line.join(" | ")} |`);
  return lines.join("\n");
}

function cells({ result, ms }: TimedResult): string[] {
  const { row, n, acked, lost, dup, skipped, figures = {} } = result;
  const said = Object.entries(figures).map(([name, value]) => `${name} ${grouped(value)}`);
  const verdict = verdictOf(result);
  const isMeasured = verdict !== "skipped";
  return [
    row,
    isMeasured ? grouped(n) : "",
    isMeasured && acked !== undefined ? grouped(acked) : "",
    isMeasured ? grouped(lost) : "",
    isMeasured ? grouped(dup) : "",
    (ms / 1000).toFixed(1),
    words[verdict],
    skipped ?? said.join(", "),
  ].map((cell) => cell.replaceAll("|", "\\|"));
}

function grouped(value: number): string {
  const [whole = "", fraction] = String(value).split(".");
  const withCommas = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return fraction === undefined ? withCommas : `${withCommas}.${fraction}`;
}
