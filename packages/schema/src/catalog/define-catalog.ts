import { type Catalog, catalogOf } from "./catalog.js";
import type { DefinedEvent } from "./define-event.js";
import { DefinitionError } from "./definition-error.js";

/** The event map of a list of declared types. */
export type MapOf<Definitions extends readonly DefinedEvent[]> = {
  [D in Definitions[number] as D["eventType"]]: D extends DefinedEvent<string, infer Payload>
    ? Payload
    : never;
};

/**
 * A catalog with the types of `base` and those declared.
 *
 * ```ts
 * const catalog = defineCatalog(builtinEvents, [buildStarted, buildFinished]);
 * ```
 *
 * Throws DefinitionError `DUPLICATE` if a type is declared twice or `base` has it.
 */
export function defineCatalog<M, const Definitions extends readonly DefinedEvent[]>(
  base: Catalog<M>,
  definitions: Definitions,
): Catalog<M & MapOf<Definitions>> {
  const taken = new Set(base.definitions.keys());
  for (const { eventType } of definitions) {
    if (taken.has(eventType)) {
      throw new DefinitionError(
        "DUPLICATE",
        `The event type ${eventType} is in the catalog already: declare it once`,
      );
    }
    taken.add(eventType);
  }
  return catalogOf([...base.definitions.values(), ...definitions]);
}
