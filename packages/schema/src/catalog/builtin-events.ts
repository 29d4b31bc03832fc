import { checks } from "../generated/checks.js";
import { eventSchemas } from "../generated/event-schemas.js";
import type { BuiltinEventMap, EventType } from "../payloads/builtin-event-map.js";
import { builtinTraits } from "../traits/builtin-traits.js";
import type { Traits } from "../traits/traits.js";
import { explain } from "../validation/explain.js";
import { fieldsOf } from "../validation/fields-of.js";
import { type Catalog, catalogOf } from "./catalog.js";
import type { EventDefinition } from "./event-definition.js";

/** The catalog of the built-in event types. */
export const builtinEvents: Catalog<BuiltinEventMap> = catalogOf(
  Object.entries(builtinTraits).flatMap(([category, traits]) =>
    Object.entries(traits).map(([eventType, ofType]) =>
      definitionOf(eventType as EventType, category, ofType),
    ),
  ),
);

function definitionOf(eventType: EventType, category: string, traits: Traits<object>): EventDefinition {
  const schema = eventSchemas[eventType];
  const check = checks[eventType];
  return {
    eventType,
    category,
    description: schema.description,
    fields: fieldsOf(schema),
    jsonSchema: schema,
    severity: () => traits.severity,
    summary: traits.summary,
    validate: (event, level) => (level === "off" || check[level](event) ? [] : explain(schema, event, level)),
  };
}
