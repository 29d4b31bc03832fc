import { visibleJson } from "../terminal/visible.js";
import { columnsObject } from "./field-column.js";
import type { RecordFormat, RecordFormatOptions } from "./record-format.js";
import { recordJson } from "./record-json.js";
import { reportedRecord } from "./record-view.js";

/** One normalised record per line: what `json` means for a stream that does not end. */
export function createLiveJsonLines({ columns }: RecordFormatOptions): RecordFormat {
  return {
    begin: () => "",
    batch(matches) {
      let text = "";
      for (const match of matches) {
        const json =
          columns.length === 0
            ? recordJson(match)
            : JSON.stringify(columnsObject(columns, reportedRecord(match)));
        text += `${visibleJson(json)}\n`;
      }
      return text;
    },
    end: () => "",
  };
}
