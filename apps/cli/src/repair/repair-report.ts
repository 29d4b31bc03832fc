import type { LeftOutReason, Portion, RepairReport, SegmentRepair } from "@prodigy-events/query";
import type { Report, ReportRow } from "../answers/report.js";
import { formatSize } from "../options/size.js";
import { formatCount, plural } from "../output/count-text.js";
import type { Terminal } from "../terminal/terminal.js";

/** What `repair` did. */
export function repairReport(report: RepairReport): Report {
  const { totals, segments } = report;
  const rows = segments.map(segmentRow);
  return {
    document: {
      to: report.to,
      complete: report.isComplete,
      totals: {
        segments: totals.segments,
        whole: totals.whole,
        read: portionDocument(totals.read),
        copied: portionDocument(totals.copied),
        left_out: leftOutDocument(totals.leftOut),
        suspect_lines: totals.suspectLines,
        unreadable: totals.unreadable,
      },
      segments: rows,
      sources: report.sources,
    },
    rows,
    columns: [
      { name: "path" },
      { name: "target_path" },
      { name: "whole" },
      { name: "lines_copied", align: "right" },
      { name: "bytes_copied", align: "right" },
      { name: "lines_left_out", align: "right" },
      { name: "bytes_left_out", align: "right" },
      { name: "suspect_lines", align: "right" },
      { name: "error" },
    ],
    human: (terminal) => humanRepair(report, terminal),
  };
}

/** One segment as JSON. A stable contract. */
function segmentRow(repair: SegmentRepair): ReportRow {
  const leftOut = sumOf(repair.leftOut);
  return {
    path: repair.path,
    target_path: repair.targetPath ?? null,
    stray_path: repair.strayPath ?? null,
    whole: repair.isWhole,
    lines_copied: repair.copied.lines,
    bytes_copied: repair.copied.bytes,
    lines_left_out: leftOut.lines,
    bytes_left_out: leftOut.bytes,
    left_out: leftOutDocument(repair.leftOut),
    suspect_lines: repair.suspectLines,
    error: repair.error ?? null,
  };
}

const portionDocument = ({ lines, bytes }: Portion) => ({ lines, bytes });

function leftOutDocument(leftOut: ReadonlyMap<LeftOutReason, Portion>): object {
  return Object.fromEntries([...leftOut].map(([reason, portion]) => [reason, portionDocument(portion)]));
}

function sumOf(leftOut: ReadonlyMap<LeftOutReason, Portion>): Portion {
  const portions = [...leftOut.values()];
  return {
    lines: portions.reduce((sum, { lines }) => sum + lines, 0),
    bytes: portions.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

/** One line for each segment that is not copied as it was, and the sum of all. */
function humanRepair({ segments, totals }: RepairReport, { paint, safe }: Terminal): string {
  const notes = segments.flatMap((repair) => {
    const what = describeSegment(repair);
    return what === undefined ? [] : [`${safe(`${repair.path}  ${what}`)}\n`];
  });
  const leftOut = sumOf(totals.leftOut);
  const sum =
    `${plural(totals.read.lines, "line")} read (${formatSize(totals.read.bytes)}) = ` +
    `${formatCount(totals.copied.lines)} copied (${formatSize(totals.copied.bytes)}) + ` +
    `${formatCount(leftOut.lines)} left out (${formatSize(leftOut.bytes)})`;
  return `${notes.join("")}${paint("strong", sum)}\n`;
}

/** `left out: 2 json (80 bytes), 1 torn (11 bytes); 12 copied lines may be altered`; undefined when there is nothing to say. */
function describeSegment({ leftOut, suspectLines, strayPath, error }: SegmentRepair): string | undefined {
  const portions = [...leftOut].map(
    ([reason, { lines, bytes }]) => `${formatCount(lines)} ${reason} (${plural(bytes, "byte")})`,
  );
  const parts = [
    ...(portions.length === 0 ? [] : [`left out: ${portions.join(", ")}`]),
    ...(suspectLines === 0
      ? []
      : [`${plural(suspectLines, "copied line")} where a checksum does not match may be altered`]),
    ...(strayPath === undefined ? [] : [`records of others are in ${strayPath}`]),
    ...(error === undefined ? [] : [error]),
  ];
  return parts.length === 0 ? undefined : parts.join("; ");
}
