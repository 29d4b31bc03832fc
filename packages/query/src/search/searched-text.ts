import { type EventRecord, normalizeEventType } from "@prodigy-events/schema";
import type { RecordTest } from "../filter/compile-filter.js";
import { fieldReader } from "../filter/field.js";
import type { SearchPattern, TextTest } from "./text-test.js";

/** Where in a record a text is searched. */
export interface SearchScope {
  readonly fields?: readonly string[] | undefined;
  readonly raw?: boolean | undefined;
}

/** The test that a search puts to each record. */
export function searchTest(
  { test, isLocal }: SearchPattern,
  { fields = [], raw = false }: SearchScope,
): RecordTest {
  if (raw) return (_record, _instant, line) => test(line);
  if (fields.length > 0) return fieldTextMatches(test, fields);
  return isLocal ? localTextMatches(test) : anyTextMatches(test);
}

/** Whether any text of a record matches: its string values at whatever depth, not its keys. */
function anyTextMatches(test: TextTest): RecordTest {
  return (record) => valueMatches(record, test) || otherSpellingMatches(record, test);
}

/**
 * The same, for a pattern that finds in a text whatever it finds in a part of it. A line without escapes holds every
 * text of its record as it is, so that one look at the line rules out most records.
 */
function localTextMatches(test: TextTest): RecordTest {
  const anyMatches = anyTextMatches(test);
  return (record, instant, line) => {
    const mayMatch = test(line) || line.includes("\\");
    return mayMatch ? anyMatches(record, instant, line) : addedTextMatches(record, test);
  };
}

/** Whether a text matches that a record has and its line has not. */
function addedTextMatches(record: EventRecord, test: TextTest): boolean {
  return otherSpellingMatches(record, test) || valueMatches(record.event.job_id, test);
}

/**
 * Whether a text in one of the named fields matches. Numbers and booleans there are searched as JSON writes them;
 * below an object or array all string values count.
 */
function fieldTextMatches(test: TextTest, fields: readonly string[]): (record: EventRecord) => boolean {
  const readers = fields.map(fieldReader);
  const namesType = fields.some((field) => field === "event_type" || field === "event.event_type");
  return (record) =>
    readers.some((read) => {
      const value = read(record);
      const isScalar = typeof value === "number" || typeof value === "boolean";
      return isScalar ? test(String(value)) : valueMatches(value, test);
    }) ||
    (namesType && otherSpellingMatches(record, test));
}

/** A type is found under our name for it too, whatever the file calls it. */
function otherSpellingMatches(record: EventRecord, test: TextTest): boolean {
  const normalized = normalizeEventType(record.event.event_type);
  return normalized !== record.event.event_type && test(normalized);
}

function valueMatches(value: unknown, test: TextTest): boolean {
  if (typeof value === "string") return test(value);
  if (typeof value !== "object" || value === null) return false;
  if (Array.isArray(value)) return value.some((item) => valueMatches(item, test));
  // Not Object.values: it would make an array of every object of every record.
  for (const key in value) {
    if (valueMatches((value as Readonly<Record<string, unknown>>)[key], test)) return true;
  }
  return false;
}
