import type { AnyEvent } from "../events.js";
import { normalizeEventType } from "../normalize/event-type.js";
import type { Severity } from "../traits/traits.js";
import { isObject } from "../validation/checks.js";
import { below, describeValue, type ValidationIssue } from "../validation/issue.js";
import { builtinEvents } from "./builtin-events.js";
import { DefinitionError } from "./definition-error.js";
import type { EventDefinition } from "./event-definition.js";
import { isAsynchronous } from "./probe.js";
import {
  type InputOf,
  pathOf,
  type StandardIssue,
  type StandardSchema,
  validateNow,
} from "./standard-schema.js";
import { summarizeFields } from "./summarize-fields.js";

/** What is known of a declared event type beside its fields. */
export interface EventTraits<Payload> {
  /** What the type is about, such as `build`; readers filter by it. */
  category: string;
  description?: string;
  /** How much an event asks for attention; `info` unless given. */
  severity?: Severity | ((event: Payload) => Severity);
  /** The essentials of an event in a few words; its first fields unless given. */
  summary?: (event: Payload) => string;
}

/** A declared event type: a definition that also carries the type of its fields. */
export interface DefinedEvent<EventType extends string = string, Payload = unknown> extends EventDefinition {
  readonly eventType: EventType;
  /** Carries `Payload` for type inference; has no value. */
  readonly "~payload"?: Payload;
}

/**
 * Declares an event type. Its fields are those that `schema` takes, any Standard Schema v1 object (zod, valibot,
 * arktype …) or `unchecked<Fields>()`. The schema describes the fields without `event_type`; what is logged is the
 * value given, not what the validator makes of it.
 *
 * ```ts
 * const buildFinished = defineEvent("build_finished", z.object({ job_id: z.string(), warnings: z.number() }), {
 *   category: "build",
 *   severity: (event) => (event.warnings > 0 ? "warning" : "info"),
 * });
 * ```
 *
 * `severity` and `summary` meet events as read, which need not fit the schema; if one throws, the event counts as
 * `info`, or is summarised by its first fields.
 *
 * Throws DefinitionError if the name cannot be used or is of a built-in type, if `schema` is no Standard Schema v1, or if
 * its validator is asynchronous: `log()` does not wait. A validator that turns out to be asynchronous only later
 * makes each event an issue.
 */
export function defineEvent<const EventType extends string, Schema extends StandardSchema>(
  eventType: EventType,
  schema: Schema,
  traits: EventTraits<InputOf<Schema>>,
): DefinedEvent<EventType, InputOf<Schema>> {
  checkName(eventType);
  checkSchema(eventType, schema);
  const { category, description = "", severity = "info", summary } = traits;
  return {
    eventType,
    category,
    description,
    fields: [],
    severity: typeof severity === "string" ? () => severity : tolerant(severity, () => "info"),
    summary: summary ? tolerant(summary, summarizeFields) : summarizeFields,
    validate: (event, level) => (level === "off" ? [] : validateWith(schema, event)),
  };
}

/** Commas, blanks and asterisks would make a type that no filter can name. */
const usableName = /^[A-Za-z][A-Za-z0-9_.:-]*$/;

function checkName(eventType: string): void {
  if (!usableName.test(eventType)) {
    throw new DefinitionError(
      "BAD_NAME",
      `${describeValue(eventType)} cannot name an event type: give letters, digits and _ . : -, such as build_finished`,
    );
  }
  if (builtinEvents.get(normalizeEventType(eventType))) {
    throw new DefinitionError("BAD_NAME", `The event type ${eventType} is built in: choose another name`);
  }
}

function checkSchema(eventType: string, schema: StandardSchema): void {
  const standard = (schema as Partial<StandardSchema> | undefined)?.["~standard"];
  if (standard?.version !== 1 || typeof standard.validate !== "function") {
    throw new DefinitionError(
      "NOT_A_SCHEMA",
      `The schema of ${eventType} is no Standard Schema v1: give a zod, valibot or arktype schema, or unchecked()`,
    );
  }
  if (isAsynchronous(schema)) {
    throw new DefinitionError(
      "ASYNC_VALIDATOR",
      `The validator of ${eventType} is asynchronous, and log() does not wait: leave out its asynchronous checks`,
    );
  }
}

function validateWith(schema: StandardSchema, event: unknown): ValidationIssue[] {
  const payload = withoutType(event);
  try {
    const issues = validateNow(schema, payload);
    if (issues !== "promise") return issues.map((issue) => toIssue(issue, payload));
    return [{ path: "", expected: "a synchronous validator", received: "a promise" }];
  } catch (error) {
    return [{ path: "", expected: "a validator that does not throw", received: String(error) }];
  }
}

function withoutType(event: unknown): unknown {
  if (!isObject(event)) return event;
  const { event_type: _, ...payload } = event;
  return payload;
}

function toIssue(issue: StandardIssue, payload: unknown): ValidationIssue {
  const keys = pathOf(issue);
  const received = keys.reduce<unknown>(
    (value, key) => (value as Record<string, unknown> | undefined)?.[key],
    payload,
  );
  const path = keys.reduce(below, "");
  return { path, expected: issue.message, received: describeValue(received) };
}

/** A declaration's own function, made fit for events as read, which may lack what it expects. */
function tolerant<Payload, T>(
  own: (event: Payload) => T,
  fallback: (event: AnyEvent) => T,
): (event: AnyEvent) => T {
  return (event) => {
    try {
      return own(event as Payload);
    } catch {
      // Validation says what does not fit; here there is only something to show.
      return fallback(event);
    }
  };
}
