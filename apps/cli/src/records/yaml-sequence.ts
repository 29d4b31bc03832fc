import { toYaml } from "../output/yaml-text.js";
import { columnsObject } from "./field-column.js";
import type { RecordFormat, RecordFormatOptions } from "./record-format.js";
import { reportedRecord } from "./record-view.js";

/** One YAML document: a sequence of records, written item by item. */
export function createYamlSequence({ columns }: RecordFormatOptions): RecordFormat {
  let isEmpty = true;
  return {
    begin: () => "",
    async batch(matches) {
      let text = "";
      for (const match of matches) {
        const record = reportedRecord(match);
        text += await toYaml([columns.length === 0 ? record : columnsObject(columns, record)]);
        isEmpty = false;
      }
      return text;
    },
    end: () => (isEmpty ? "[]\n" : ""),
  };
}
