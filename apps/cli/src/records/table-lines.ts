import type { Match } from "@prodigy-events/query";
import { type EventRecord, severityOf } from "@prodigy-events/schema";
import { type Cell, columnWidths, type TableColumn, tableLine } from "../terminal/table.js";
import { cutTo, prepareWidth } from "../terminal/text-width.js";
import { type FieldColumn, fieldColumn, fieldText } from "./field-column.js";
import type { RecordFormat, RecordFormatOptions } from "./record-format.js";
import { reportedRecord } from "./record-view.js";

const usualColumns = ["timestamp", "severity", "event_type", "job_id", "agent_id", "item_id", "summary"];

/** Widest column on a terminal, so that one long text does not push the others out of sight. */
const widestColumn = 60;

/**
 * An aligned table with titles. The widths are those of the first batch; a longer cell further down moves its
 * line, rather than being cut.
 */
export function createTableLines(options: RecordFormatOptions): RecordFormat {
  const { terminal, time, highlight } = options;
  const fields = options.columns.length > 0 ? options.columns : usualColumns.map(fieldColumn);
  const columns: TableColumn[] = fields.map(({ name }) => ({ title: terminal.safe(name).toUpperCase() }));
  let widths: number[] | undefined;

  function cellsOf(record: EventRecord): Cell[] {
    const severity = severityOf(record.event);
    return fields.map((field) => cellOf(field, record, severity === "info" ? undefined : severity));
  }

  function cellOf(field: FieldColumn, record: EventRecord, style: "error" | "warning" | undefined): Cell {
    const value = field.value(record);
    const shown = field.name === "timestamp" ? time.format(fieldText(value)) : fieldText(value);
    const safe = terminal.safe(shown);
    const text = terminal.isTerminal ? cutTo(safe, widestColumn, terminal.symbols.ellipsis) : safe;
    if (highlight !== undefined) return { text, paint: highlight };
    return style !== undefined && (field.name === "event_type" || field.name === "severity")
      ? { text, paint: (padded) => terminal.paint(style, padded) }
      : { text };
  }

  return {
    begin: () => "",
    async batch(matches: readonly Match[]) {
      if (matches.length === 0) return "";
      const rows = matches.map((match) => cellsOf(reportedRecord(match)));
      await prepareWidth(rows.flat().map((cell) => cell.text));
      let text = "";
      if (widths === undefined) {
        widths = columnWidths(columns, rows);
        const titles = columns.map(({ title }) => ({
          text: title,
          paint: (t: string) => terminal.paint("strong", t),
        }));
        text = `${tableLine(columns, titles, widths)}\n`;
      }
      for (const row of rows) text += `${tableLine(columns, row, widths)}\n`;
      return text;
    },
    end: () => "",
  };
}
