import type { EventDefinition } from "@prodigy-events/schema";
import { durationFromMs } from "@prodigy-events/schema";
import { didYouMean } from "../errors/suggestion.js";
import { UsageError } from "../errors/usage-error.js";
import { parseDurationArgument } from "../options/duration.js";

/** Whether an assignment as it was typed holds a secret: `password=12345678`. */
export type SecretTest = (assignment: string) => boolean;

/** An event as `--set` builds it. */
export interface AssembledEvent {
  readonly fields: Readonly<Record<string, unknown>>;
  /** Fields that the type does not have: legal, and worth a warning. */
  readonly warnings: readonly string[];
}

/**
 * Builds the fields of an event from `key=value` texts. A value is read by the type of its field; where that is not
 * known, as JSON, else as text. `a.b=v` sets a field inside an object. Throws `UsageError`.
 *
 * A secret of digits stays a text, because redaction replaces texts and leaves numbers.
 */
export function assembleFields(
  assignments: readonly string[],
  definition: EventDefinition | undefined,
  isSecret: SecretTest,
): AssembledEvent {
  const fields: Record<string, unknown> = {};
  const warnings: string[] = [];
  const types = new Map(definition?.fields.map(({ name, type }) => [name, type]));
  for (const assignment of assignments) {
    const separator = assignment.indexOf("=");
    if (separator < 1) throw new UsageError(`--set wants key=value, got ${JSON.stringify(assignment)}`);
    const path = assignment.slice(0, separator).split(".");
    const name = path[0]!;
    const type = path.length === 1 ? types.get(name) : undefined;
    if (definition !== undefined && !types.has(name)) {
      warnings.push(
        `${definition.eventType} has no field ${JSON.stringify(name)}${didYouMean(name, types.keys())}`,
      );
    }
    const text = assignment.slice(separator + 1);
    const value = readFieldValue(name, text, type);
    const isNumber = typeof value === "number" && type === undefined;
    assign(fields, path, isNumber && isSecret(assignment) ? text : value);
  }
  return { fields, warnings };
}

/** Reads one value by the description of its field's type. */
function readFieldValue(name: string, text: string, type: string | undefined): unknown {
  const refuse = () => new UsageError(`--set ${name} wants ${type}, got ${JSON.stringify(text)}`);
  if (type === undefined || type === "any JSON value") return jsonOrText(text);
  if (type === "object { secs, nanos }") return readDuration(name, text);
  if (type === "boolean") {
    if (text === "true" || text === "false") return text === "true";
    throw refuse();
  }
  if (/^(integer|number)\b/.test(type)) {
    const value = text.trim() === "" ? Number.NaN : Number(text);
    if (Number.isFinite(value)) return value;
    throw refuse();
  }
  if (type.endsWith("[]"))
    return text.startsWith("[") ? readJson(text, refuse) : text === "" ? [] : text.split(",");
  if (type === "object") return readJson(text, refuse);
  return text;
}

/** `45s`, `1m30s`, a number of seconds, or `{"secs":45,"nanos":0}`. */
function readDuration(name: string, text: string): unknown {
  if (text.startsWith("{")) return jsonOrText(text);
  if (/^\d+(\.\d+)?$/.test(text)) return durationFromMs(Number(text) * 1000);
  return durationFromMs(parseDurationArgument(`--set ${name}`, text));
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text; // A value that is not JSON is a text.
  }
}

function readJson(text: string, refuse: () => UsageError): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refuse();
  }
}

function assign(target: Record<string, unknown>, path: readonly string[], value: unknown): void {
  let object = target;
  for (const [index, key] of path.entries()) {
    if (key === "" || key === "__proto__")
      throw new UsageError(`--set cannot set ${JSON.stringify(path.join("."))}`);
    if (index === path.length - 1) {
      object[key] = value;
      return;
    }
    const inner = Object.hasOwn(object, key) ? object[key] : undefined;
    const next: Record<string, unknown> =
      typeof inner === "object" && inner !== null && !Array.isArray(inner)
        ? (inner as Record<string, unknown>)
        : {};
    object[key] = next;
    object = next;
  }
}
