import { csvLine, csvTitles } from "../output/csv-text.js";
import { exportColumns } from "./export-columns.js";
import type { RecordFormat, RecordFormatOptions } from "./record-format.js";
import { reportedRecord } from "./record-view.js";

/** CSV by RFC 4180 with a line of titles. */
export function createCsvLines({ columns, terminal, isRawCsv = false }: RecordFormatOptions): RecordFormat {
  const cells = columns.length > 0 ? columns : exportColumns();
  const options = { terminal, isRaw: isRawCsv };
  return {
    begin: () =>
      csvTitles(
        cells.map(({ name }) => name),
        options,
      ),
    batch(matches) {
      let text = "";
      for (const match of matches) {
        const record = reportedRecord(match);
        text += csvLine(
          cells.map((column) => column.value(record)),
          options,
        );
      }
      return text;
    },
    end: () => "",
  };
}
