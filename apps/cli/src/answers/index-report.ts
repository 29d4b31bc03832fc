import type { IndexReport, SegmentIndexReport } from "@prodigy-events/query";
import { formatSize } from "../options/size.js";
import { formatCount, formatShare, plural } from "../output/count-text.js";
import type { Style } from "../terminal/colour.js";
import type { Terminal } from "../terminal/terminal.js";
import type { Report, ReportRow } from "./report.js";

/** What was done with the indexes. */
export function indexReport(report: IndexReport): Report {
  const rows = report.segments.map(segmentRow);
  const { orphans, bytesRead, sources } = report;
  return {
    document: { segments: rows, orphans, bytes_read: bytesRead, sources },
    rows,
    columns: [
      { name: "action" },
      { name: "state" },
      { name: "lines", align: "right", text: countText },
      { name: "undecided", align: "right", text: countText },
      { name: "content_bytes", align: "right", text: countText },
      { name: "index_bytes", align: "right", text: countText },
      { name: "path" },
      { name: "reason" },
    ],
    human: (terminal) => humanIndexes(report, terminal),
  };
}

/** One segment as JSON. A stable contract. */
function segmentRow(segment: SegmentIndexReport): ReportRow {
  return {
    path: segment.path,
    stored_bytes: segment.storedBytes,
    action: segment.action,
    state: segment.state,
    reason: segment.reason ?? null,
    lines: segment.lines ?? null,
    undecided: segment.undecided ?? null,
    content_bytes: segment.contentBytes ?? null,
    index_bytes: segment.indexBytes ?? null,
  };
}

const styles: { readonly [Action in SegmentIndexReport["action"]]?: Style } = {
  built: "good",
  extended: "good",
  refused: "warning",
  failed: "error",
};

/** Of the segments that are not worth an index only how many there are: there can be thousands. */
function humanIndexes(report: IndexReport, { paint, safe }: Terminal): string {
  const lines = report.segments
    .filter(({ action }) => action !== "skipped")
    .map((segment) => {
      const { action, state, path } = segment;
      const isFound = action === "checked";
      const label = (isFound ? state : action).padEnd(13);
      const style = isFound ? (state === "damaged" ? "error" : undefined) : styles[action];
      const rest = [path, describeAmounts(segment)].filter((part) => part !== "").join("  ");
      return `${style ? paint(style, label) : label}  ${safe(rest)}\n`;
    });
  return `${lines.join("")}${summarize(report)}\n`;
}

/** `227,215 lines, 1.4 MB (1.4 %)`, or why there is none. */
function describeAmounts({ lines, contentBytes, indexBytes, reason }: SegmentIndexReport): string {
  if (reason !== undefined) return reason;
  const size = indexBytes === undefined ? undefined : formatSize(indexBytes);
  if (lines === undefined || size === undefined) return size ?? "";
  return `${plural(lines, "line")}, ${size}${shareOf(indexBytes!, contentBytes!)}`;
}

function shareOf(indexBytes: number, contentBytes: number): string {
  return contentBytes === 0 ? "" : ` (${formatShare(indexBytes / contentBytes)})`;
}

/** `5 built, 2 skipped, 1 orphan removed: 7.1 MB of indexes for 512 MB of events (1.4 %)`. */
function summarize({ segments, orphans }: IndexReport): string {
  const counts = new Map<string, number>();
  for (const { action, state } of segments) {
    const name = action === "checked" ? state : action;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const parts = [...counts].map(([name, count]) => `${formatCount(count)} ${name}`);
  if (orphans.length > 0) parts.push(`${plural(orphans.length, "orphan")} removed`);
  if (parts.length === 0) return "no indexes";
  const indexed = segments.filter(({ contentBytes }) => contentBytes !== undefined);
  if (indexed.length === 0) return parts.join(", ");
  const total = (count: (segment: SegmentIndexReport) => number | undefined) =>
    indexed.reduce((sum, segment) => sum + (count(segment) ?? 0), 0);
  const [indexBytes, contentBytes] = [total((each) => each.indexBytes), total((each) => each.contentBytes)];
  const amounts = `${formatSize(indexBytes)} of indexes for ${formatSize(contentBytes)} of events`;
  return `${parts.join(", ")}: ${amounts}${shareOf(indexBytes, contentBytes)}`;
}

function countText(value: unknown): string {
  return typeof value === "number" ? formatCount(value) : "";
}
