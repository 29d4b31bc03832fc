/**
 * Emits the validators as TypeScript: per event type one boolean function per level. They decide; only when one
 * says no does `explain` walk the schema to say why. A property test holds the two equal.
 *
 * @typedef {import("../src/validation/event-schema.js").EventSchema} EventSchema
 * @typedef {import("../src/validation/event-schema.js").SchemaNode} SchemaNode
 * @typedef {"shape" | "full"} Level
 */

/** @param {Record<string, EventSchema>} schemas */
export function emitChecks(schemas) {
  const functions = [];
  const rows = [];
  for (const [eventType, schema] of Object.entries(schemas)) {
    const shape = emitFunction(`${camelCase(eventType)}Shape`, schema, "shape");
    const full = emitFunction(`${camelCase(eventType)}Full`, schema, "full");
    functions.push(shape.code);
    const same = shape.condition === full.condition;
    if (!same) functions.push(full.code);
    rows.push(`  ${eventType}: { shape: ${shape.name}, full: ${same ? shape.name : full.name} },`);
  }
  return [
    'import type { EventType } from "../payloads/builtin-event-map.js";',
    'import { isTimestamp } from "../timestamp.js";',
    'import { type Checks, every, isInteger, isNumber, isObject } from "../validation/checks.js";',
    "",
    ...functions,
    `export const checks: Readonly<Record<EventType, Checks>> = {\n${rows.join("\n")}\n};\n`,
  ].join("\n");
}

/**
 * @param {string} name
 * @param {EventSchema} schema
 * @param {Level} level
 */
function emitFunction(name, schema, level) {
  const condition = conditions("event", schema, level).join(" &&\n    ");
  return {
    name,
    condition,
    code: `function ${name}(event: any): boolean {\n  return (\n    ${condition}\n  );\n}\n`,
  };
}

/**
 * @param {string} value the expression that is checked
 * @param {SchemaNode} node
 * @param {Level} level
 * @returns {string[]} expressions that must all hold
 */
function conditions(value, node, level) {
  if (node.const !== undefined) return [`${value} === ${JSON.stringify(node.const)}`];
  if (node.enum)
    return [`(${node.enum.map((option) => `${value} === ${JSON.stringify(option)}`).join(" || ")})`];
  switch (node.type) {
    case undefined:
      return [`${value} !== undefined`];
    case "string":
      return [
        `typeof ${value} === "string"`,
        ...(node.format && level === "full" ? [`isTimestamp(${value})`] : []),
      ];
    case "boolean":
      return [`typeof ${value} === "boolean"`];
    case "integer":
      return [`isInteger(${value}${bounds(node)})`];
    case "number":
      return [`isNumber(${value}${bounds(node)})`];
    case "array":
      return [`every(${value}, (item) => ${conditions("item", node.items ?? {}, level).join(" && ")})`];
    case "object":
      return [`isObject(${value})`, ...fieldConditions(value, node, level)];
    default:
      throw new Error(`No check is known for type ${node.type}`);
  }
}

/**
 * @param {string} value
 * @param {SchemaNode} node
 * @param {Level} level
 */
function fieldConditions(value, node, level) {
  const required = new Set(node.required);
  return Object.entries(node.properties ?? {}).flatMap(([name, field]) => {
    const inner = conditions(`${value}.${name}`, field, level);
    return required.has(name) ? inner : [`(${value}.${name} === undefined || (${inner.join(" && ")}))`];
  });
}

/** @param {SchemaNode} node */
function bounds({ minimum, maximum }) {
  if (maximum !== undefined) return `, ${minimum}, ${maximum}`;
  return minimum === undefined ? "" : `, ${minimum}`;
}

/** @param {string} eventType */
function camelCase(eventType) {
  return eventType.replace(/_(.)/g, (_, letter) => letter.toUpperCase());
}
