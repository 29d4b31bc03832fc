import type { Match } from "@prodigy-events/query";
import type { Terminal } from "../terminal/terminal.js";
import type { TimeFormat } from "../time/time-format.js";
import { createColumnLines } from "./column-lines.js";
import { createCsvLines } from "./csv-lines.js";
import type { FieldColumn } from "./field-column.js";
import { createHumanLines } from "./human-lines.js";
import { createJsonArray } from "./json-array.js";
import { createJsonLines } from "./json-lines.js";
import { createTableLines } from "./table-lines.js";
import { createTsvLines } from "./tsv-lines.js";
import { createYamlSequence } from "./yaml-sequence.js";

/** Turns matches into text, batch by batch: nothing is held back beyond a batch. */
export interface RecordFormat {
  /** What stands before the first record. */
  begin(): string;
  batch(matches: readonly Match[]): string | Promise<string>;
  /** What stands after the last record. */
  end(): string;
}

export type RecordFormatName = "human" | "json" | "ndjson" | "yaml" | "table" | "csv" | "tsv";

export interface RecordFormatOptions {
  readonly terminal: Terminal;
  readonly time: TimeFormat;
  /** The columns that were asked for; empty for the format's own choice. */
  readonly columns: readonly FieldColumn[];
  /** Paints what matched in a text that is safe to print. */
  readonly highlight?: ((text: string) => string) | undefined;
  /** A safe text that follows the summary: where something was found that the line does not show. */
  readonly note?: ((match: Match, shown: readonly string[]) => string) | undefined;
  /** Records that only surround what was asked for: shown without emphasis. */
  readonly isContext?: ((match: Match) => boolean) | undefined;
  /** Leave CSV cells that a spreadsheet would take for a formula as they are. */
  readonly isRawCsv?: boolean;
  /** All records are of one job: no need to say which. */
  readonly isOneJob?: boolean;
  /** The records arrive over time, so columns cannot be measured beforehand. */
  readonly isLive?: boolean;
}

/** The format called `name`. */
export function createRecordFormat(name: RecordFormatName, options: RecordFormatOptions): RecordFormat {
  switch (name) {
    case "human":
      return options.columns.length > 0 ? createColumnLines(options) : createHumanLines(options);
    case "table":
      return createTableLines(options);
    case "json":
      return createJsonArray(options);
    case "ndjson":
      return createJsonLines(options);
    case "yaml":
      return createYamlSequence(options);
    case "csv":
      return createCsvLines(options);
    case "tsv":
      return createTsvLines(options);
  }
}
