import {
  type Difference,
  type Finding,
  type FindingSeverity,
  severityOf,
  type VerifyReport,
} from "@prodigy-events/query";
import type { Report, ReportRow } from "../answers/report.js";
import { formatSize } from "../options/size.js";
import { formatCount, plural } from "../output/count-text.js";
import type { Style } from "../terminal/colour.js";
import type { Terminal } from "../terminal/terminal.js";
import { nounsOf } from "./finding-nouns.js";

/** What `verify` found. */
export function verifyReport(report: VerifyReport): Report {
  const rows = report.findings.map(findingRow);
  return {
    document: {
      sound: report.sound,
      deep: report.deep,
      totals: totalsDocument(report),
      counts: Object.fromEntries(report.counts),
      findings: rows,
      findings_omitted: omittedOf(report),
      sources: report.sources,
    },
    rows,
    columns: [
      { name: "severity" },
      { name: "kind" },
      { name: "path" },
      { name: "line", align: "right" },
      { name: "offset", align: "right" },
      { name: "length", align: "right" },
      { name: "producer_id" },
      { name: "from_sequence", align: "right" },
      { name: "to_sequence", align: "right" },
      { name: "message" },
    ],
    human: (terminal) => humanFindings(report, terminal),
  };
}

/** One finding as JSON. A stable contract. */
function findingRow(finding: Finding): ReportRow {
  return {
    kind: finding.kind,
    severity: finding.severity,
    path: finding.path,
    message: finding.message,
    line: finding.line ?? null,
    offset: finding.offset ?? null,
    length: finding.length ?? null,
    reason: finding.reason ?? null,
    preview: finding.preview ?? null,
    producer_id: finding.producerId ?? null,
    from_sequence: finding.fromSequence ?? null,
    to_sequence: finding.toSequence ?? null,
    count: finding.count ?? null,
    other_path: finding.otherPath ?? null,
    differences: finding.differences?.map(differenceDocument) ?? null,
  };
}

function differenceDocument({ what, stated, found }: Difference): object {
  return { what: what.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), stated, found };
}

function totalsDocument({ totals }: VerifyReport): object {
  const { storedBytes, ...others } = totals;
  return { ...others, stored_bytes: storedBytes };
}

/** How many findings there was no room for. */
function omittedOf({ counts, findings }: VerifyReport): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0) - findings.length;
}

const styles: Readonly<Record<FindingSeverity, Style>> = {
  damage: "error",
  unchecked: "warning",
  information: "dim",
};

function humanFindings(report: VerifyReport, terminal: Terminal): string {
  const { paint } = terminal;
  const lines = report.findings.map(({ severity, ...finding }) => {
    const label = paint(styles[severity], severity.padEnd("information".length));
    return `${label}  ${terminal.safe(describeFinding(finding))}\n`;
  });
  const omitted = omittedOf(report);
  if (omitted > 0) lines.push(`… and ${formatCount(omitted)} more\n`);
  const summary = summarizeVerification(report);
  return `${lines.join("")}${paint(report.sound ? "good" : "error", summary)}\n`;
}

/** `path:line  message (byte 120, 40 bytes): preview`. */
function describeFinding(finding: Omit<Finding, "severity">): string {
  const { path, line, offset, length, reason, preview = "", message } = finding;
  const place = line === undefined ? path : `${path}:${line}`;
  const where = line === undefined || offset === undefined ? "" : ` (byte ${offset}, ${length ?? 0} bytes)`;
  const why = finding.kind === "malformed_line" ? `${reason}: ${message}` : message;
  const shown = preview.trim() === "" ? "" : `: ${preview.trim()}`;
  return `${place}  ${why}${where}${shown}`;
}

/** `damaged: 1 malformed line, 2 sequence gaps, 3,400 records in 12 segments (10 sealed), 1.2 MB`. */
export function summarizeVerification({ sound, counts, totals }: VerifyReport): string {
  const isDamaged = [...counts.keys()].some((kind) => severityOf(kind) === "damage");
  const verdict = sound ? "sound" : isDamaged ? "damaged" : "incomplete";
  const read =
    `${plural(totals.records, "record")} in ${plural(totals.segments, "segment")} ` +
    `(${formatCount(totals.sealed)} sealed), ${formatSize(totals.bytes)}`;
  const found = [...counts].map(([kind, count]) => nounsOf(kind, count));
  return `${verdict}: ${[...found, read].join(", ")}`;
}
