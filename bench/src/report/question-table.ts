import type { Outcome, Outcomes, Question } from "../rows/row.js";
import { formatNumber, formatSeconds, markdownTable } from "./format.js";

const head = ["", "median", "fastest to slowest", "processor", "MB/s", "peak memory", "× ours", "answer"];
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
  const { name, isOurs, seconds, cpuSeconds, fastest, slowest, rounds, peakBytes, failure } = outcome;
  if (failure !== undefined) return [name, "failed", "", "", "", "", "", ""];
  const { peakMb: _, MB, ...own } = outcome.figures;
  const ownText = Object.entries(own).map(([figure, value]) => `${figure} ${formatNumber(value)}`);
  const label = isOurs ? `**${name}**` : name;
  const peak = peakBytes === 0 ? "" : `${(peakBytes / 1e6).toFixed(0)} MB`;
  const answer = answerText(outcome);
  // What a program measured by itself is not about the time that it took altogether.
  if (ownText.length > 0) return [label, ownText.join(", "), `${rounds} ×`, "", "", peak, "", answer];
  return [
    label,
    formatSeconds(seconds) + (MB === undefined ? "" : `, ${MB.toFixed(0)} MB`),
    `${formatSeconds(fastest)} to ${formatSeconds(slowest)}, ${rounds} ×`,
    cpuSeconds === 0 ? "" : formatSeconds(cpuSeconds),
    bytes === undefined ? "" : (bytes / 1e6 / seconds).toFixed(0),
    peak,
    formatNumber(seconds / first.seconds),
    answer,
  ];
}

/** Whether the answer is the right one; and the answer, where it is a number. */
function answerText({ answer = "", isRight }: Outcome): string {
  const number = /^\d+$/.test(answer) ? ` (${Number(answer).toLocaleString("en")})` : "";
  return `${isRight === undefined ? "not compared" : isRight ? "right" : "WRONG"}${number}`;
}
