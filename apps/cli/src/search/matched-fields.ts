import { fieldValue } from "@prodigy-events/query";
import type { EventRecord } from "@prodigy-events/schema";

/** Where in a record a pattern was found. */
export interface MatchedField {
  readonly path: string;
  /** The text around the first place, on one line of thought: not yet safe to print. */
  readonly snippet: string;
}

const charactersBefore = 24;
const charactersAfter = 56;

/**
 * The first `most` fields of a record that `expression` finds something in: in the given fields, or in all texts
 * of the record.
 */
export function matchedFields(
  record: EventRecord,
  expression: RegExp,
  fields: readonly string[],
  most: number,
): MatchedField[] {
  const found: MatchedField[] = [];
  const starts: (readonly [string, unknown])[] =
    fields.length > 0
      ? fields.map((field) => [field, fieldValue(record, field)])
      : [
          ...Object.entries(record.event),
          ["correlation_id", record.correlation_id],
          ["id", record.id],
          ["timestamp", record.timestamp],
          ["metadata", record.metadata],
        ];
  for (const [path, value] of starts) collect(path, value, expression, most, found);
  return found;
}

function collect(
  path: string,
  value: unknown,
  expression: RegExp,
  most: number,
  found: MatchedField[],
): void {
  if (found.length >= most) return;
  if (typeof value === "string") {
    expression.lastIndex = 0;
    const match = expression.exec(value);
    if (match !== null) found.push({ path, snippet: snippetOf(value, match.index, match[0].length) });
  } else if (typeof value === "object" && value !== null) {
    for (const [key, inner] of Object.entries(value))
      collect(`${path}.${key}`, inner, expression, most, found);
  }
}

function snippetOf(text: string, index: number, length: number): string {
  const start = Math.max(index - charactersBefore, 0);
  const end = Math.min(index + length + charactersAfter, text.length);
  return `${start > 0 ? "…" : ""}${text.slice(start, end)}${end < text.length ? "…" : ""}`;
}
