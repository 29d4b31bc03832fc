import type { BuiltinEventMap } from "../payloads/builtin-event-map.js";
import type { EventDefinition } from "./event-definition.js";

/**
 * A set of event types. The same catalog types a logger (`M`), validates what is logged, and teaches readers to
 * name, summarise and rate the types in it.
 */
export interface Catalog<M = BuiltinEventMap> {
  readonly definitions: ReadonlyMap<string, EventDefinition>;
  /** The definition of a type, under its normalised name. */
  get(eventType: string): EventDefinition | undefined;
  /** Carries `M` for type inference; has no value. */
  readonly "~events"?: M;
}

/** A catalog of definitions; a later one replaces an earlier one of the same type. */
export function catalogOf<M>(definitions: Iterable<EventDefinition>): Catalog<M> {
  const byType = new Map<string, EventDefinition>();
  for (const definition of definitions) byType.set(definition.eventType, definition);
  return { definitions: byType, get: (eventType) => byType.get(eventType) };
}
