import { agentIdOf, itemIdOf, jobIdOf } from "@prodigy-events/schema";
import type { FieldColumn } from "./field-column.js";
import { derivedFields } from "./record-view.js";

const readers: Readonly<Record<string, FieldColumn["value"]>> = {
  id: (record) => record.id,
  timestamp: (record) => record.timestamp,
  correlation_id: (record) => record.correlation_id,
  event_type: (record) => record.event.event_type,
  severity: derivedFields.severity,
  category: derivedFields.category,
  job_id: (record) => jobIdOf(record.event),
  agent_id: (record) => agentIdOf(record.event),
  item_id: (record) => itemIdOf(record.event),
  summary: derivedFields.summary,
  event: (record) => record.event,
  metadata: (record) => record.metadata,
};

/** The columns of csv and tsv: the same for every record, and nothing of it is lost. A stable contract. */
export function exportColumns(): FieldColumn[] {
  return Object.entries(readers).map(([name, value]) => ({ name, value, seen: { count: 0 } }));
}
