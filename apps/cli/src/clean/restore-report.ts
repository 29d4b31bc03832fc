import type { RestoreReport } from "@prodigy-events/retention";
import type { Report } from "../answers/report.js";
import { formatSize } from "../options/size.js";
import { plural } from "../output/count-text.js";
import type { Terminal } from "../terminal/terminal.js";

/** What came back, or would. */
export function restoreReport(report: RestoreReport): Report {
  const rows = report.outcomes.map((outcome) => ({
    status: outcome.status,
    records: outcome.records,
    bytes: outcome.bytes,
    archive_path: outcome.archivePath,
    target_path: outcome.targetPath ?? null,
    message: outcome.message ?? null,
  }));
  return {
    document: { dry_run: report.dryRun, complete: report.complete, totals: report.totals, files: rows },
    rows,
    columns: [
      { name: "status" },
      { name: "records", align: "right" },
      { name: "bytes", align: "right" },
      { name: "archive_path" },
      { name: "target_path" },
      { name: "message" },
    ],
    human: (terminal) => humanRestore(report, terminal),
  };
}

function humanRestore({ outcomes, dryRun }: RestoreReport, { paint, safe }: Terminal): string {
  return outcomes
    .map(({ status, targetPath, archivePath, records, bytes, message }) => {
      const style = status === "restored" ? "good" : status === "present" ? "dim" : "error";
      const detail = message ?? `${plural(records, "record")}, ${formatSize(bytes)}`;
      const label = dryRun && status === "restored" ? "restore" : status;
      return `${paint(style, label.padEnd(9))} ${safe(targetPath ?? archivePath)}  ${paint("dim", safe(detail))}\n`;
    })
    .join("");
}

/** `3 files restored (1,204 records, 3.4 MB), 2 there already`. */
export function summarizeRestore({ totals, outcomes, dryRun }: RestoreReport): string {
  const rest = outcomes.length - totals.restored - totals.present;
  return [
    `${plural(totals.restored, "file")} ${dryRun ? "would be restored" : "restored"} ` +
      `(${plural(totals.records, "record")}, ${formatSize(totals.bytes)})`,
    ...(totals.present > 0 ? [`${totals.present} there already`] : []),
    ...(rest > 0 ? [`${rest} not restored: see above`] : []),
  ].join(", ");
}
