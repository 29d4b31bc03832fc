import type { Figures, Outcome, Outcomes, Question } from "../rows/row.js";
import { formatNumber, formatSeconds, markdownTable } from "./format.js";

const head = ["", "median", "fastest to slowest", "MB/s", "peak memory", "× ours", "answer"];
const right = head.slice(1, -1);

/** What each contender of a question took; times are given as a multiple of the first, which is ours. */
export function questionTable({ title, bytes, contenders, note }: Question, outcomes: Outcomes): string {
  const all = contenders.map(({ name }) => outcomes.get(name)).filter((outcome) => outcome !== undefined);
  const [first] = all;
  const rows = all.map((outcome) => rowOf(outcome, first as Outcome, bytes));
  const table = markdownTable(head, rows, right);
  return `**${title}**\n\n${table}${note === undefined ? "" : `\n\n${note}`}`;
}

function rowOf(outcome: Outcome, first: Outcome, bytes: number | undefined): string[] {
  const { name, isOurs, seconds, fastest, slowest, rounds, peakBytes, failure } = outcome;
  if (failure !== undefined) return [name, "failed", "", "", "", "", ""];
  return [
    isOurs ? `**${name}**` : name,
    measuredText(outcome),
    `${formatSeconds(fastest)} to ${formatSeconds(slowest)}, ${rounds} ×`,
    bytes === undefined ? "" : (bytes / 1e6 / seconds).toFixed(0),
    peakBytes === 0 ? "" : `${(peakBytes / 1e6).toFixed(0)} MB`,
    formatNumber(seconds / first.seconds),
    outcome.isRight === undefined ? "not compared" : outcome.isRight ? "same" : "DIFFERS",
  ];
}

/** The time, or what the program measured by itself. */
function measuredText({ seconds, figures }: Outcome): string {
  const { peakMb: _, MB, ...own } = figures as Figures & { peakMb?: number; MB?: number };
  const texts = Object.entries(own).map(([name, value]) => `${name} ${formatNumber(value)}`);
  if (texts.length > 0) return texts.join(", ");
  return MB === undefined ? formatSeconds(seconds) : `${formatSeconds(seconds)}, ${MB.toFixed(0)} MB`;
}
