import type { Outcome, Outcomes, Promised, Question } from "../rows/row.js";
import { formatNumber, markdownTable } from "./format.js";

/** No answer of ours may take more memory, at any size. */
const memoryBarMb = 250;

/** A question and what came of it. */
export interface Measured {
  rowId: string;
  question: Question;
  outcomes: Outcomes;
}

/** Everything that is promised, with what was measured and whether it holds. */
export function verdictTable(measured: readonly Measured[]): string {
  const lines = measured.flatMap(({ question, outcomes }) =>
    question.promises.map((promised) => verdictLine(promised, question.title, outcomes)),
  );
  const memory = memoryLine(measured);
  const head = ["what must hold", "over", "measured", "bar", "", "aim", ""];
  return markdownTable(head, memory === undefined ? lines : [...lines, memory], ["measured"]);
}

function verdictLine(promised: Promised, title: string, outcomes: Outcomes): string[] {
  const value = promised.value(outcomes);
  const limit = (figure: number | undefined) =>
    figure === undefined
      ? ["", ""]
      : [
          `${promised.want === "at most" ? "≤" : "≥"} ${figure} ${promised.unit}`,
          verdict(promised, value, figure),
        ];
  const text = value === undefined ? "not measured" : `${formatNumber(value)} ${promised.unit}`;
  return [promised.what, title, text, ...limit(promised.bar), ...limit(promised.aim)];
}

function verdict({ want }: Promised, value: number | undefined, limit: number): string {
  if (value === undefined) return "";
  return (want === "at most" ? value <= limit : value >= limit) ? "met" : "**not met**";
}

/** The most that any answer of ours took. Writing and the measuring of it are no answers. */
function memoryLine(measured: readonly Measured[]): string[] | undefined {
  const ours = measured
    .filter(({ rowId }) => !["logging", "log-call"].includes(rowId))
    .flatMap(({ outcomes }) => [...outcomes.values()])
    .filter(({ isOurs, failure }) => isOurs && failure === undefined);
  if (ours.length === 0) return undefined;
  const most = ours.reduce((a: Outcome, b: Outcome) => (a.peakBytes >= b.peakBytes ? a : b));
  const mb = most.peakBytes / 1e6;
  const verdictText = mb === 0 ? "" : mb <= memoryBarMb ? "met" : "**not met**";
  const text = mb === 0 ? "not measured" : `${mb.toFixed(0)} MB`;
  return [
    "peak memory of any answer of ours",
    `all of the above; most: ${most.name}`,
    text,
    `≤ ${memoryBarMb} MB`,
    verdictText,
    "",
    "",
  ];
}
