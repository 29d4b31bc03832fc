import { tsvLine } from "../output/tsv-text.js";
import { exportColumns } from "./export-columns.js";
import type { RecordFormat, RecordFormatOptions } from "./record-format.js";
import { reportedRecord } from "./record-view.js";

/** Tab-separated values with a line of titles. */
export function createTsvLines({ columns, terminal, isRawCsv = false }: RecordFormatOptions): RecordFormat {
  const cells = columns.length > 0 ? columns : exportColumns();
  const options = { terminal, isRaw: isRawCsv };
  return {
    begin: () =>
      tsvLine(
        cells.map(({ name }) => name),
        options,
      ),
    batch(matches) {
      let text = "";
      for (const match of matches) {
        const record = reportedRecord(match);
        text += tsvLine(
          cells.map((column) => column.value(record)),
          options,
        );
      }
      return text;
    },
    end: () => "",
  };
}
