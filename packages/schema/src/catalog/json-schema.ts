import { eventSchemas } from "../generated/event-schemas.js";
import { normalizeEventType } from "../normalize/event-type.js";
import type { EventSchema } from "../validation/event-schema.js";
import { builtinEvents } from "./builtin-events.js";

const dialect = "https://json-schema.org/draft/2020-12/schema";

/** The JSON Schema (2020-12) of a built-in event type, in any of its spellings; a copy that the caller owns. */
export function eventSchema(eventType: string): object | undefined {
  const schema = builtinEvents.get(normalizeEventType(eventType))?.jsonSchema;
  return schema && structuredClone(schema);
}

/** One JSON Schema (2020-12) that takes any built-in event, for code generators and editors. */
export function combinedSchema(): object {
  return {
    $schema: dialect,
    $id: "urn:prodigy-events:events",
    title: "events",
    description: "Any built-in event.",
    oneOf: Object.keys(eventSchemas).map((eventType) => ({ $ref: `#/$defs/${eventType}` })),
    $defs: definitions(),
  };
}

/**
 * The JSON Schema (2020-12) of a record, one line of a segment. Built-in events must fit their schema; events of
 * unknown types are legal.
 */
export function recordSchema(): object {
  return {
    $schema: dialect,
    $id: "urn:prodigy-events:record",
    title: "record",
    description: "The envelope around one event: one line of a segment.",
    type: "object",
    properties: {
      id: { description: "Identifies the record: a UUIDv7 when we wrote it.", type: "string" },
      timestamp: { description: "When it was logged (RFC 3339).", type: "string", format: "date-time" },
      correlation_id: { description: "Links the events of one run.", type: "string" },
      event: {
        type: "object",
        properties: { event_type: { type: "string" } },
        required: ["event_type"],
        allOf: Object.keys(eventSchemas).map((eventType) => ({
          if: { properties: { event_type: { const: eventType } } },
          // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema; nothing awaits this object.
          then: { $ref: `#/$defs/${eventType}` },
        })),
      },
      metadata: { description: "Origin of the record, and what the caller added.", type: "object" },
    },
    required: ["id", "timestamp", "correlation_id", "event", "metadata"],
    $defs: definitions(),
  };
}

/** The schemas without `$schema` and `$id`: parts of one document, not documents in it. */
function definitions(): Record<string, Omit<EventSchema, "$schema" | "$id">> {
  return Object.fromEntries(
    Object.entries(eventSchemas).map(([eventType, { $schema, $id, ...definition }]) => [
      eventType,
      structuredClone(definition),
    ]),
  );
}
