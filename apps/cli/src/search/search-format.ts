import type { Match } from "@prodigy-events/query";
import {
  createRecordFormat,
  type RecordFormat,
  type RecordFormatName,
  type RecordFormatOptions,
} from "../records/record-format.js";
import { reportedRecord } from "../records/record-view.js";
import { createHighlighter } from "./highlight.js";
import { matchedFields } from "./matched-fields.js";

/** Fields that are named behind a line that does not itself show what matched. */
const namedFields = 2;

export interface SearchFormatOptions {
  readonly name: RecordFormatName;
  readonly expression: RegExp;
  /** Only these were searched; empty for all. */
  readonly fields: readonly string[];
  /** The stored line was searched, so that there need be no field to name. */
  readonly isRaw: boolean;
  readonly isContext?: (match: Match) => boolean;
  readonly base: Pick<RecordFormatOptions, "terminal" | "time" | "isOneJob">;
}

/** The format of search results: matches painted, and named where the line does not show them. */
export function createSearchFormat(options: SearchFormatOptions): RecordFormat {
  const { name, expression, fields, isRaw, isContext, base } = options;
  const { terminal } = base;
  const isShown = (text: string) => text.search(expression) !== -1;

  function note(match: Match, shown: readonly string[]): string {
    if (isRaw || shown.some(isShown)) return "";
    return matchedFields(reportedRecord(match), expression, fields, namedFields)
      .map(({ path, snippet }) => terminal.safe(`${path}: ${snippet}`))
      .join("  ");
  }

  return createRecordFormat(name, {
    ...base,
    columns: [],
    highlight: createHighlighter(expression, terminal),
    note,
    isContext,
  });
}

/** Puts a line `--` between batches, as grep does between groups. */
export function withSeparators(format: RecordFormat): RecordFormat {
  let isFirst = true;
  return {
    begin: () => format.begin(),
    async batch(matches) {
      const text = await format.batch(matches);
      const separated = isFirst ? text : `--\n${text}`;
      isFirst = false;
      return separated;
    },
    end: () => format.end(),
  };
}
