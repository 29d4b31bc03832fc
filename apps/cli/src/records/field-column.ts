import { fieldValue } from "@prodigy-events/query";
import { type EventRecord, formatDuration, parseDuration } from "@prodigy-events/schema";
import { derivedFields, isDerivedField } from "./record-view.js";

/** One column: a field of a record, or what follows from its type. */
export interface FieldColumn {
  readonly name: string;
  /** `undefined` where the record does not have it. */
  value(record: EventRecord): unknown;
  /** How often a value was there: a column that never had one is worth a warning. */
  readonly seen: { count: number };
}

/** A column for a path such as `event.error`, `agent_id`, `metadata.host`, or `severity`, `category`, `summary`. */
export function fieldColumn(name: string): FieldColumn {
  const seen = { count: 0 };
  return {
    name,
    seen,
    value(record) {
      const value =
        fieldValue(record, name) ?? (isDerivedField(name) ? derivedFields[name](record) : undefined);
      if (value !== undefined) seen.count++;
      return value;
    },
  };
}

/** The columns of a record as an object; what it does not have is `null`. */
export function columnsObject(columns: readonly FieldColumn[], record: EventRecord): Record<string, unknown> {
  return Object.fromEntries(columns.map((column) => [column.name, column.value(record) ?? null]));
}

/** A field's value as text for people: durations as `45.0s`, objects as JSON. Not yet safe to print. */
export function fieldText(value: unknown): string {
  if (value === undefined || value === null) return "";
  if (typeof value === "string") return value;
  if (typeof value !== "object") return String(value);
  const duration = "secs" in value ? parseDuration(value) : undefined;
  return duration === undefined ? JSON.stringify(value) : formatDuration(duration);
}
