import type { Match } from "@prodigy-events/query";
import { categoryOf, type EventRecord, normalizeRecord, severityOf, summaryOf } from "@prodigy-events/schema";

/** A match as reports show it: with normalised type names, durations and failure reasons, and its job. */
export function reportedRecord(match: Match): EventRecord {
  const record = normalizeRecord(match.record);
  if (match.jobId === undefined || record.event.job_id !== undefined) return record;
  const { event_type, ...fields } = record.event;
  return { ...record, event: { event_type, job_id: match.jobId, ...fields } };
}

/** What follows from the type of an event, by the name under which it can be asked for as a column. */
export const derivedFields = {
  severity: (record: EventRecord): string => severityOf(record.event),
  category: (record: EventRecord): string => categoryOf(record.event),
  summary: (record: EventRecord): string => summaryOf(record.event),
} as const;

export type DerivedField = keyof typeof derivedFields;

export function isDerivedField(name: string): name is DerivedField {
  return Object.hasOwn(derivedFields, name);
}
