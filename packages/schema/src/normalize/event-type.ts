import { eventTypes } from "../payloads/event-types.js";
import { pascalCase } from "./spelling.js";

/**
 * The name of an event type as we write it. Prodigy's spellings of the built-in types are known: `AgentFailed`,
 * `DLQItemAdded`, `d_l_q_item_added` (what serde's snake_case makes of `DLQItemAdded`). Every other name is
 * returned unchanged.
 */
export function normalizeEventType(name: string): string {
  return foreignSpellings.get(name) ?? name;
}

const foreignSpellings: ReadonlyMap<string, string> = new Map(
  eventTypes.flatMap((eventType) => spellingsOf(eventType).map((spelling) => [spelling, eventType])),
);

function spellingsOf(eventType: string): string[] {
  const rustName = pascalCase(eventType);
  if (!eventType.startsWith("dlq_")) return [rustName];
  return [rustName, rustName.replace("Dlq", "DLQ"), eventType.replace("dlq", "d_l_q")];
}
