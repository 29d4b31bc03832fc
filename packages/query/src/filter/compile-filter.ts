import {
  agentIdOf,
  type Catalog,
  categoryOf,
  type EventRecord,
  itemIdOf,
  jobIdOf,
  severityOf,
} from "@prodigy-events/schema";
import { compareInstants, type Instant, instantOf } from "../time/instant.js";
import { typeMatcher } from "./event-type-pattern.js";
import type { Query } from "./query.js";

/** Decides about one record, whose instant has been read already, and its line. */
export type RecordTest = (record: EventRecord, instant: Instant, line: string) => boolean;

/** What a query's filters demand, as one test; the cheapest demands come first. */
export function compileFilter(query: Query, catalog: Catalog<unknown>): RecordTest {
  const tests = [
    boundTest(query.since, (order) => order >= 0),
    boundTest(query.until, (order) => order <= 0),
    typeTest(query.eventTypes),
    valueTest(query.jobIds, (record) => jobIdOf(record.event)),
    valueTest(query.agentIds, (record) => agentIdOf(record.event)),
    valueTest(query.itemIds, (record) => itemIdOf(record.event)),
    valueTest(query.correlationIds, (record) => record.correlation_id),
    valueTest(query.severities, (record) => severityOf(record.event, catalog)),
    valueTest(query.categories, (record) => categoryOf(record.event, catalog)),
  ].filter((test) => test !== undefined);
  return allOf(tests);
}

/** A test that passes what every one of `tests` passes. */
export function allOf(tests: readonly RecordTest[]): RecordTest {
  const [only, ...others] = tests;
  if (!only) return () => true;
  if (others.length === 0) return only;
  return (record, instant, line) => tests.every((test) => test(record, instant, line));
}

function boundTest(bound: string | null, holds: (order: number) => boolean): RecordTest | undefined {
  const limit = bound === null ? undefined : instantOf(bound);
  if (limit === undefined) return undefined;
  return (_record, instant) => holds(compareInstants(instant, limit));
}

function typeTest(patterns: readonly string[]): RecordTest | undefined {
  if (patterns.length === 0) return undefined;
  const matches = typeMatcher(patterns);
  return (record) => matches(record.event.event_type);
}

function valueTest(
  wanted: readonly string[],
  read: (record: EventRecord) => string | undefined,
): RecordTest | undefined {
  if (wanted.length === 0) return undefined;
  const values = new Set(wanted);
  return (record) => {
    const value = read(record);
    return value !== undefined && values.has(value);
  };
}
