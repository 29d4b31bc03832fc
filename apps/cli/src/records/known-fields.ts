import { builtinEvents } from "@prodigy-events/schema";
import { derivedFields } from "./record-view.js";

const envelope = ["id", "timestamp", "correlation_id", "event", "event_type", "metadata"];
const metadata = ["host", "pid", "thread", "producer_id", "sequence"];

/** Every field name that is declared anywhere, for telling a typo from a field of one's own. */
export function knownFields(): ReadonlySet<string> {
  const names = new Set([...envelope, ...metadata, ...Object.keys(derivedFields), "secs", "nanos"]);
  for (const definition of builtinEvents.definitions.values()) {
    for (const field of definition.fields) names.add(field.name);
  }
  return names;
}
