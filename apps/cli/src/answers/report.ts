import type { ReportFormat } from "../options/output-options.js";
import { csvLine, csvTitles } from "../output/csv-text.js";
import { toYaml } from "../output/yaml-text.js";
import type { Terminal } from "../terminal/terminal.js";
import { reportJson, reportJsonLines } from "./report-json.js";
import { renderReportTable } from "./report-table.js";

/** A row of a report: plain values by name. */
export type ReportRow = Readonly<Record<string, unknown>>;

/** A column of csv and table. */
export interface ReportColumn {
  readonly name: string;
  readonly align?: "left" | "right";
  /** Where the value is; the row's field of that name without it. */
  value?(row: ReportRow): unknown;
  /** How the table shows a value. */
  text?(value: unknown): string;
}

/** A finished answer, in the shapes that the formats need. */
export interface Report {
  /** json and yaml: the whole answer. A stable contract. */
  readonly document: unknown;
  /** ndjson: one line each; csv and table: their columns. */
  readonly rows: readonly ReportRow[];
  readonly columns: readonly ReportColumn[];
  /** human. */
  human(terminal: Terminal): string | Promise<string>;
}

/** A report in the format that was asked for, ending in a line feed. */
export async function renderReport(
  report: Report,
  format: ReportFormat,
  terminal: Terminal,
): Promise<string> {
  switch (format) {
    case "human":
      return report.human(terminal);
    case "json":
      return reportJson(report, terminal);
    case "ndjson":
      return reportJsonLines(report);
    case "yaml":
      return toYaml(report.document);
    case "csv":
      return reportCsv(report, terminal);
    case "table":
      return renderReportTable(report, terminal);
  }
}

/** The value of a column in a row. */
export function columnValue(column: ReportColumn, row: ReportRow): unknown {
  return column.value === undefined ? row[column.name] : column.value(row);
}

function reportCsv({ columns, rows }: Report, terminal: Terminal): string {
  const options = { terminal };
  const lines = rows.map((row) =>
    csvLine(
      columns.map((column) => columnValue(column, row)),
      options,
    ),
  );
  return (
    csvTitles(
      columns.map(({ name }) => name),
      options,
    ) + lines.join("")
  );
}
