import type { StatsResult } from "@prodigy-events/query";
import { formatCount, formatShare, plural } from "../output/count-text.js";
import { drawBar } from "../terminal/symbols.js";
import type { Terminal } from "../terminal/terminal.js";
import { padEnd, padStart, prepareWidth, textWidth } from "../terminal/text-width.js";
import { readingReport } from "./reading-report.js";
import type { Report, ReportRow } from "./report.js";

/** For people; `null` in JSON. */
const noValue = "(none)";
const barColumns = { least: 10, most: 40 };

/** Counts by group. */
export function statsReport(groupBy: readonly string[], answer: StatsResult): Report {
  const groups = answer.groups.map(({ key, count, share }) => ({
    key: Object.fromEntries(groupBy.map((field, index) => [field, key[index] ?? null])),
    count,
    share,
  }));
  return {
    document: {
      group_by: groupBy,
      total: answer.total,
      other: answer.other,
      groups,
      report: readingReport(answer.report),
    },
    rows: groups,
    columns: [
      ...groupBy.map((field) => ({ name: field, value: (row: ReportRow) => keyOf(row)[field] })),
      { name: "count", align: "right" },
      { name: "share", align: "right", text: (share) => formatShare(Number(share)) },
    ],
    human: (terminal) => humanStats(groupBy, answer, terminal),
  };
}

function keyOf({ key }: ReportRow): Readonly<Record<string, unknown>> {
  return key as Readonly<Record<string, unknown>>;
}

async function humanStats(
  groupBy: readonly string[],
  answer: StatsResult,
  terminal: Terminal,
): Promise<string> {
  if (answer.groups.length === 0) return "";
  const { paint, symbols } = terminal;
  const keys = answer.groups.map(({ key }) =>
    key.map((part) => (part === null ? noValue : terminal.safe(String(part)))),
  );
  await prepareWidth(keys.flat());
  const widths = groupBy.map((field, index) =>
    Math.max(textWidth(field), ...keys.map((key) => textWidth(key[index] ?? ""))),
  );
  const counts = answer.groups.map(({ count }) => formatCount(count));
  const countWidth = Math.max("COUNT".length, ...counts.map((count) => count.length));
  const used = widths.reduce((sum, width) => sum + width + 2, 0) + countWidth + 2 + 7 + 2;
  const room = Number.isFinite(terminal.columns) ? terminal.columns - used : barColumns.most;
  const bar = Math.min(Math.max(room, barColumns.least), barColumns.most);
  const largest = Math.max(...answer.groups.map(({ share }) => share));

  const titles = groupBy.map((field, index) =>
    padEnd(terminal.safe(field).toUpperCase(), widths[index] ?? 0),
  );
  const heading = `${titles.join("  ")}  ${padStart("COUNT", countWidth)}  ${padStart("SHARE", 7)}`;
  const lines = answer.groups.map(({ share }, index) => {
    const key = keys[index]!.map((part, column) => padEnd(part, widths[column] ?? 0)).join("  ");
    const drawn = paint("key", drawBar(largest === 0 ? 0 : share / largest, bar, symbols));
    return `${key}  ${padStart(counts[index]!, countWidth)}  ${padStart(formatShare(share), 7)}  ${drawn}`.trimEnd();
  });
  return [paint("strong", heading), ...lines, paint("dim", totals(answer)), ""].join("\n");
}

function totals({ total, groups, other }: StatsResult): string {
  const shown = groups.reduce((sum, { count }) => sum + count, 0);
  const rest = total - shown - other;
  return [
    `${plural(total, "record")}`,
    plural(groups.length, "group"),
    ...(rest > 0 ? [`${formatCount(rest)} in groups not shown`] : []),
    ...(other > 0 ? [`${formatCount(other)} in further groups (other)`] : []),
  ].join(", ");
}
