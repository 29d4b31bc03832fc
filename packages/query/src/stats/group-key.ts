import { type EventRecord, normalizeEventType, normalizeRecord } from "@prodigy-events/schema";
import { fieldReader } from "../filter/field.js";
import type { GroupKey } from "./group-counter.js";

/** Reads a record's key for a grouping by `fields`. Values are normalised; objects and arrays count as their JSON. */
export function groupKeyReader(fields: readonly string[]): (record: EventRecord) => GroupKey {
  const readers = fields.map(fieldReader);
  const onlyIds = fields.every((field) => asWritten.has(field));
  return (record) => {
    const normalized = onlyIds ? record : normalizeRecord(record);
    return readers.map((read, at) => {
      const value = read(normalized);
      const isType = onlyIds && typesOnly.has(fields[at]!) && typeof value === "string";
      return isType ? normalizeEventType(value) : scalar(value);
    });
  };
}

const typesOnly: ReadonlySet<string> = new Set(["event_type", "event.event_type"]);
/** Fields that normalising leaves alone, the type's name aside: by these one groups most, and need not copy events. */
const asWritten: ReadonlySet<string> = new Set([
  ...typesOnly,
  "job_id",
  "agent_id",
  "item_id",
  "correlation_id",
  "event.job_id",
  "event.agent_id",
  "event.item_id",
]);

function scalar(value: unknown): GroupKey[number] {
  if (value === undefined || value === null) return null;
  if (typeof value === "object") return JSON.stringify(value);
  return value as string | number | boolean;
}
