import { fieldText } from "../records/field-column.js";
import { type Cell, renderTable } from "../terminal/table.js";
import type { Terminal } from "../terminal/terminal.js";
import { columnValue, type Report, type ReportColumn, type ReportRow } from "./report.js";

/** The rows of a report as an aligned table. */
export async function renderReportTable(
  { columns, rows }: Pick<Report, "columns" | "rows">,
  terminal: Terminal,
  paintCell?: (column: ReportColumn, row: ReportRow) => Cell["paint"],
): Promise<string> {
  const cells = rows.map((row) =>
    columns.map((column): Cell => {
      const text = terminal.safe((column.text ?? fieldText)(columnValue(column, row)));
      const paint = paintCell?.(column, row);
      return paint === undefined ? { text } : { text, paint };
    }),
  );
  const titles = columns.map(({ name, align = "left" }) => ({
    title: terminal.safe(name).toUpperCase().replaceAll("_", " "),
    align,
  }));
  return renderTable(titles, cells, {
    columns: terminal.columns,
    ellipsis: terminal.symbols.ellipsis,
    paintTitle: (title) => terminal.paint("strong", title),
  });
}
