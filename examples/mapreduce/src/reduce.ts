import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Report, reportsFolder } from "./work.js";

/** Adds up the reports that the agents committed and writes `SUMMARY.md`; returns the number of reports. */
export function writeSummary(targetPath: string): number {
  const folder = join(targetPath, reportsFolder);
  const names = existsSync(folder) ? readdirSync(folder).sort() : [];
  const reports = names.map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")) as Report);
  const sum = (of: (report: Report) => number) => reports.reduce((total, report) => total + of(report), 0);
  const row = (name: string, counts: Pick<Report, "lines" | "words" | "bytes">, checkedBy: string) =>
    `| ${name} | ${counts.lines} | ${counts.words} | ${counts.bytes} | ${checkedBy} |`;
  const total = { lines: sum((r) => r.lines), words: sum((r) => r.words), bytes: sum((r) => r.bytes) };
  const table = [
    "| file | lines | words | bytes | checked by |",
    "|---|---|---|---|---|",
    ...reports.map((report) => row(report.item, report, report.checkedBy)),
    row("**total**", total, ""),
  ];
  writeFileSync(join(targetPath, "SUMMARY.md"), `# ${reports.length} files checked\n\n${table.join("\n")}\n`);
  return reports.length;
}
