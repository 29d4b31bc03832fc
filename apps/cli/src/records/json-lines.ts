import { visibleJson } from "../terminal/visible.js";
import { columnsObject } from "./field-column.js";
import type { RecordFormat, RecordFormatOptions } from "./record-format.js";
import { reportedRecord } from "./record-view.js";

/**
 * The lines of the records byte for byte (on a terminal: with unsafe characters as JSON escapes); with columns,
 * one object of them per line.
 */
export function createJsonLines({ columns, terminal }: RecordFormatOptions): RecordFormat {
  return {
    begin: () => "",
    batch(matches) {
      let text = "";
      for (const match of matches) {
        const line =
          columns.length === 0
            ? match.line
            : visibleJson(JSON.stringify(columnsObject(columns, reportedRecord(match))));
        text += `${terminal.isTerminal ? visibleJson(line) : line}\n`;
      }
      return text;
    },
    end: () => "",
  };
}
