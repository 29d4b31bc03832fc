import type { Match, QueryReport } from "@prodigy-events/query";
import { eventTypes, normalizeEventType } from "@prodigy-events/schema";
import { didYouMean } from "../errors/suggestion.js";
import type { Messages } from "../output/messages.js";
import type { FieldColumn } from "../records/field-column.js";
import { knownFields } from "../records/known-fields.js";

/**
 * Watches for event types that were asked for, are not built in, and never turn up: probably a typo. A type of
 * one's own that does occur is none.
 */
export class UnknownTypes {
  readonly #missing: Map<string, string>;

  constructor(asked: readonly string[]) {
    const known = new Set<string>(eventTypes);
    this.#missing = new Map(
      asked
        .filter((type) => !/[*?[]/.test(type))
        .map((type): [string, string] => [normalizeEventType(type), type])
        .filter(([normalized]) => !known.has(normalized)),
    );
  }

  /** Sees what matched. Costs nothing once every name is accounted for. */
  observe(batch: readonly Match[]): void {
    if (this.#missing.size === 0) return;
    for (const { record } of batch) this.#missing.delete(normalizeEventType(record.event.event_type));
  }

  /** Sees a type that occurred. */
  observeType(eventType: string): void {
    this.#missing.delete(normalizeEventType(eventType));
  }

  /** Warns about what never turned up. */
  report(excludedTypes: QueryReport["excludedTypes"], messages: Messages): void {
    for (const [normalized, typed] of this.#missing) {
      if (excludedTypes.has(normalized)) continue;
      const candidates = new Set([...eventTypes, ...excludedTypes.keys()]);
      messages.warn(`unknown event type ${JSON.stringify(typed)}${didYouMean(normalized, candidates)}`);
    }
  }
}

/** Warns about columns that no record had and that nobody declared. */
export function warnUnknownColumns(
  columns: readonly FieldColumn[],
  records: number,
  messages: Messages,
): void {
  if (records === 0) return;
  for (const { name, seen } of columns) {
    if (seen.count === 0) warnUnknownField(name, messages);
  }
}

/** Warns if `name` is no declared field and looks like one: for fields that records may or may not have. */
export function warnMisspeltField(name: string, messages: Messages): void {
  const fields = knownFields();
  const last = name.split(".").at(-1) ?? name;
  const suggestion = didYouMean(last, fields);
  if (fields.has(last) || suggestion === "") return;
  messages.warn(`unknown field ${JSON.stringify(name)}${suggestion}`);
}

/** Warns if `name` is not a field of any built-in type, of the record or of the metadata. */
export function warnUnknownField(name: string, messages: Messages): void {
  const fields = knownFields();
  const last = name.split(".").at(-1) ?? name;
  if (fields.has(name) || fields.has(last)) return;
  messages.warn(`no record has the field ${JSON.stringify(name)}${didYouMean(last, fields)}`);
}
