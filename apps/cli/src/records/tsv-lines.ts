import { tsvLine } from "../output/tsv-text.js";
import { exportColumns } from "./export-columns.js";
import type { RecordFormat, RecordFormatOptions } from "./record-format.js";
import { reportedRecord } from "./record-view.js";

/** Tab-separated values with a line of titles. */
export function createTsvLines({ columns, isRawCsv = false }: RecordFormatOptions): RecordFormat {
  const cells = columns.length > 0 ? columns : exportColumns();
  return {
    begin: () =>
      tsvLine(
        cells.map(({ name }) => name),
        isRawCsv,
      ),
    batch(matches) {
      let text = "";
      for (const match of matches) {
        const record = reportedRecord(match);
        text += tsvLine(
          cells.map((column) => column.value(record)),
          isRawCsv,
        );
      }
      return text;
    },
    end: () => "",
  };
}
