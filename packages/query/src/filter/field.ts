import type { EventRecord } from "@prodigy-events/schema";

/** Reads one field of a record; `undefined` when the record does not have it. */
export type FieldReader = (record: EventRecord) => unknown;

/**
 * The value of a field by its path.
 *
 * A path is names joined by dots, followed through objects and arrays (`event.commits.0`). One that does not begin at
 * the record itself (`error`, `duration.secs`, `host`) is looked for at the top, then in `event`, then in `metadata`.
 * Only own properties count, so that `constructor` is a field like any other. A missing field is `undefined`.
 *
 * @example
 * fieldValue(record, "event.error");
 * fieldValue(record, "host"); // metadata.host
 */
export function fieldValue(record: EventRecord, path: string): unknown {
  return fieldReader(path)(record);
}

/** `fieldValue` with the path taken apart once, for many records. */
export function fieldReader(path: string): FieldReader {
  const names = path.split(".");
  const first = names[0]!;
  return (record) => {
    if (Object.hasOwn(record, first)) return valueAt(record, names);
    if (Object.hasOwn(record.event, first)) return valueAt(record.event, names);
    return valueAt(record.metadata, names);
  };
}

function valueAt(start: unknown, names: readonly string[]): unknown {
  let value = start;
  for (const name of names) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[name];
  }
  return value;
}
