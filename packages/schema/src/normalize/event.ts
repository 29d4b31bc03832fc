import { parseDuration } from "../duration.js";
import type { AnyEvent } from "../events.js";
import type { EventRecord } from "../record.js";
import { isObject } from "../validation/checks.js";
import { parseCleanupStatus } from "./cleanup-status.js";
import { normalizeEventType } from "./event-type.js";
import { parseFailureReason } from "./failure-reason.js";

/**
 * A built-in event in the form in which we write it, whatever wrote it: type name, durations, failure reason,
 * cleanup status; fields that serde left `null` for "none" are absent. What cannot be read stays as it is, and so
 * do unknown types and fields. Never changes its argument; returns it if there is nothing to do.
 */
export function normalizeEvent(event: AnyEvent): AnyEvent {
  const eventType = normalizeEventType(event.event_type);
  const changes = foreignFields.get(eventType)?.(event);
  if (eventType === event.event_type && changes === undefined) return event;

  const normalized: AnyEvent = { ...event, event_type: eventType, ...changes };
  for (const name in changes) {
    if (changes[name] === undefined) delete normalized[name];
  }
  return normalized;
}

/** A record with its event normalised; the same record if there is nothing to do. */
export function normalizeRecord<R extends EventRecord>(record: R): R {
  const event = normalizeEvent(record.event);
  return event === record.event ? record : { ...record, event };
}

/** New values by field; undefined for a field that goes. Undefined when there is nothing to change. */
type Changes = Record<string, unknown> | undefined;

const foreignFields: ReadonlyMap<string, (event: AnyEvent) => Changes> = new Map([
  ["job_completed", (event) => duration(event)],
  [
    "agent_completed",
    (event) => merge(duration(event), cleanupStatus(event), none(event, "json_log_location")),
  ],
  ["agent_failed", (event) => merge(failureReason(event), none(event, "json_log_location"))],
  ["claude_message", (event) => none(event, "json_log_location")],
]);

function duration({ duration: value }: AnyEvent): Changes {
  if (isObject(value)) return undefined;
  const duration = parseDuration(value);
  return duration && { duration };
}

function cleanupStatus(event: AnyEvent): Changes {
  const status = parseCleanupStatus(event.cleanup_status);
  if (status === undefined) return none(event, "cleanup_status");
  return status === event.cleanup_status ? undefined : { cleanup_status: status };
}

/** What the tagged form says beside the reason becomes fields of the event, unless it has them. */
function failureReason(event: AnyEvent): Changes {
  const parsed = parseFailureReason(event.failure_reason);
  if (parsed === undefined || parsed.reason === event.failure_reason) return undefined;
  return {
    failure_reason: parsed.reason,
    ...(parsed.exitCode === undefined || "exit_code" in event ? {} : { exit_code: parsed.exitCode }),
    ...(parsed.command === undefined || "command" in event ? {} : { command: parsed.command }),
  };
}

function none(event: AnyEvent, name: string): Changes {
  return event[name] === null ? { [name]: undefined } : undefined;
}

function merge(...changes: Changes[]): Changes {
  return changes.every((change) => change === undefined) ? undefined : Object.assign({}, ...changes);
}
