import { limits } from "../limits.js";
import type { EventRecord } from "../record.js";
import { isTimestamp } from "../timestamp.js";
import { isObject } from "../validation/checks.js";
import { isDeeperThan } from "./nesting.js";

/** Why a line is no record. `json`: it is no JSON; `schema`: no record's shape; `depth`: nested too deep. */
export type DecodeReason = "json" | "schema" | "depth";

export type Decoded =
  | { ok: true; record: EventRecord }
  | { ok: false; reason: DecodeReason; message: string };

/**
 * Reads one line, given without its `\n`. A record is a JSON object with a text `id`, an RFC 3339 `timestamp` and
 * an `event` with a text `event_type`; keys may stand in any order, and others may be there. Prodigy leaves out
 * empty metadata: it is `{}` then, and a missing `correlation_id` is empty.
 *
 * Never throws. The event is as it was written; `normalizeRecord` turns what Prodigy wrote into our form.
 */
export function decodeLine(line: string): Decoded {
  if (isDeeperThan(line, limits.maxDepth)) {
    return malformed("depth", `nested deeper than ${limits.maxDepth} levels`);
  }
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    return malformed("json", error instanceof Error ? error.message : String(error));
  }
  return asRecord(value);
}

function asRecord(value: unknown): Decoded {
  if (!isObject(value)) return malformed("schema", "not an object");
  const { id, timestamp, correlation_id: correlationId, event, metadata } = value;
  if (typeof id !== "string") return malformed("schema", "id is not a string");
  if (typeof timestamp !== "string" || !isTimestamp(timestamp)) {
    return malformed("schema", "timestamp is not an RFC 3339 timestamp");
  }
  if (!isObject(event)) return malformed("schema", "event is not an object");
  if (typeof event.event_type !== "string") return malformed("schema", "event.event_type is not a string");

  if (typeof correlationId !== "string") {
    if (correlationId !== undefined && correlationId !== null) {
      return malformed("schema", "correlation_id is not a string");
    }
    value.correlation_id = "";
  }
  if (!isObject(metadata)) {
    if (metadata !== undefined && metadata !== null) return malformed("schema", "metadata is not an object");
    value.metadata = {};
  }
  return { ok: true, record: value as unknown as EventRecord };
}

function malformed(reason: DecodeReason, message: string): Decoded {
  return { ok: false, reason, message };
}
