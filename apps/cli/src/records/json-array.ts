import { paintJson } from "../output/json-text.js";
import { visibleJson } from "../terminal/visible.js";
import { columnsObject } from "./field-column.js";
import type { RecordFormat, RecordFormatOptions } from "./record-format.js";
import { recordJson } from "./record-json.js";
import { reportedRecord } from "./record-view.js";

/** A JSON array with one record on each line; with columns, an object of them each. */
export function createJsonArray({ columns, terminal }: RecordFormatOptions): RecordFormat {
  let isFirst = true;
  return {
    begin: () => "[",
    batch(matches) {
      let text = "";
      for (const match of matches) {
        const json =
          columns.length === 0
            ? recordJson(match)
            : JSON.stringify(columnsObject(columns, reportedRecord(match)));
        text += `${isFirst ? "\n" : ",\n"}${paintJson(visibleJson(json), terminal)}`;
        isFirst = false;
      }
      return text;
    },
    end: () => (isFirst ? "]\n" : "\n]\n"),
  };
}
