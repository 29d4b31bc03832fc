import type { AnyEvent, KnownEvent } from "../events.js";
import { checks } from "../generated/checks.js";
import { normalizeEvent } from "../normalize/event.js";
import { normalizeEventType } from "../normalize/event-type.js";
import type { Severity } from "../traits/traits.js";
import { isObject } from "../validation/checks.js";
import { describeValue, type ValidationIssue, type ValidationLevel } from "../validation/issue.js";
import { builtinEvents } from "./builtin-events.js";
import type { Catalog } from "./catalog.js";
import type { EventDefinition } from "./event-definition.js";
import { summarizeFields } from "./summarize-fields.js";

/** The job that an event names. Prodigy's Claude events name none. */
export function jobIdOf(event: AnyEvent): string | undefined {
  return textField(event, "job_id");
}

/** The agent that an event names. */
export function agentIdOf(event: AnyEvent): string | undefined {
  return textField(event, "agent_id");
}

/** The work item that an event names. */
export function itemIdOf(event: AnyEvent): string | undefined {
  return textField(event, "item_id");
}

/** How much the event asks for attention. Of a type not in the catalog: `error` if its name ends in `_failed`. */
export function severityOf(event: AnyEvent, catalog: Catalog<unknown> = builtinEvents): Severity {
  const definition = definitionOf(event, catalog);
  if (definition) return definition.severity(event);
  return event.event_type.endsWith("_failed") ? "error" : "info";
}

/** What the event is about; `other` for a type not in the catalog. */
export function categoryOf(event: AnyEvent, catalog: Catalog<unknown> = builtinEvents): string {
  return definitionOf(event, catalog)?.category ?? "other";
}

/**
 * The essentials of an event in a few words, without its type and ids: `45.0s · 2 commits`. Of a type not in the
 * catalog: its first fields. May be empty. Event text is not made safe for a terminal here.
 */
export function summaryOf(event: AnyEvent, catalog: Catalog<unknown> = builtinEvents): string {
  return definitionOf(event, catalog)?.summary(normalizeEvent(event)) ?? summarizeFields(event);
}

/**
 * How an event does not fit its type's definition; empty if it fits, if the type is not in the catalog (unknown
 * types are legal) or at level `off`. It is the written form that is checked: normalise what another program
 * wrote first (`normalizeEvent`). Values are checked as they are, before any `toJSON`. Never throws.
 */
export function validateEvent(
  event: unknown,
  level: ValidationLevel = "shape",
  catalog: Catalog<unknown> = builtinEvents,
): ValidationIssue[] {
  if (level === "off") return [];
  if (!isObject(event)) return [{ path: "", expected: "object", received: describeValue(event) }];
  const eventType = event.event_type;
  if (typeof eventType !== "string") {
    return [{ path: "event_type", expected: "string", received: describeValue(eventType) }];
  }
  return catalog.get(eventType)?.validate(event, level) ?? [];
}

/**
 * Whether an event is of a built-in type and has that type's fields, so that `switch (event.event_type)` may
 * rely on them. What Prodigy wrote passes once it is normalised (`normalizeEvent`).
 */
export function isKnownEvent(event: AnyEvent): event is KnownEvent {
  return (
    Object.hasOwn(checks, event.event_type) && checks[event.event_type as keyof typeof checks].shape(event)
  );
}

function definitionOf(event: AnyEvent, catalog: Catalog<unknown>): EventDefinition | undefined {
  return catalog.get(event.event_type) ?? catalog.get(normalizeEventType(event.event_type));
}

function textField(event: AnyEvent, name: string): string | undefined {
  const value = event[name];
  return typeof value === "string" ? value : undefined;
}
