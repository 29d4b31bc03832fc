import type { EventRecord } from "@prodigy-events/schema";
import { fieldText } from "./field-column.js";
import type { RecordFormat, RecordFormatOptions } from "./record-format.js";
import { reportedRecord } from "./record-view.js";
import { createTableLines } from "./table-lines.js";

/** The columns that were asked for: a table on a terminal, values separated by tabs without titles in a pipe. */
export function createColumnLines(options: RecordFormatOptions): RecordFormat {
  if (options.terminal.isTerminal) return createTableLines(options);
  const { columns, terminal, time, highlight = (text: string) => text } = options;
  const cell = (name: string, value: unknown) =>
    highlight(terminal.safe(name === "timestamp" ? time.format(fieldText(value)) : fieldText(value)));
  const line = (record: EventRecord) =>
    columns.map((column) => cell(column.name, column.value(record))).join("\t");
  return {
    begin: () => "",
    batch: (matches) => matches.map((match) => `${line(reportedRecord(match))}\n`).join(""),
    end: () => "",
  };
}
