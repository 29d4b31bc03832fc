/**
 * From the TypeBox schema of a payload to the JSON Schema of the event: plain data, with `event_type` first.
 *
 * @typedef {import("@sinclair/typebox").TSchema} TSchema
 * @typedef {import("../src/validation/event-schema.js").EventSchema} EventSchema
 * @typedef {import("../src/validation/event-schema.js").SchemaNode} SchemaNode
 */

/**
 * @param {string} eventType
 * @param {import("@sinclair/typebox").TObject} payload
 * @returns {EventSchema}
 */
export function eventSchemaOf(eventType, payload) {
  const { description = "", properties, required = [] } = nodeOf(payload);
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: `urn:prodigy-events:event:${eventType}`,
    title: eventType,
    description,
    type: "object",
    properties: { event_type: { description: "The type of the event.", const: eventType }, ...properties },
    required: ["event_type", ...required],
  };
}

/**
 * The keywords in reading order: what it is, then what it is made of. One that the emitted checks and the walker do
 * not know ends the build, so that no constraint is declared and not checked.
 *
 * @param {TSchema} schema
 * @returns {SchemaNode}
 */
function nodeOf(schema) {
  const { description, type, format, minimum, maximum, items, properties, required, anyOf, ...unknown } =
    schema;
  if (Object.keys(unknown).length > 0) {
    throw new Error(`Teach emit-checks.js and explain.ts the keyword ${Object.keys(unknown).join(", ")}`);
  }
  return withoutUndefined({
    description,
    type,
    enum: anyOf && textsOf(anyOf),
    format,
    minimum,
    maximum,
    items: items && nodeOf(items),
    properties: properties && nodesOf(properties),
    required,
  });
}

/** @param {Record<string, TSchema>} properties */
function nodesOf(properties) {
  const nodes = Object.entries(properties).map(([name, schema]) => [name, nodeOf(schema)]);
  return nodes.length === 0 ? undefined : Object.fromEntries(nodes);
}

/**
 * A union is a choice of texts, which JSON Schema calls `enum`.
 *
 * @param {TSchema[]} options
 */
function textsOf(options) {
  return options.map((option) => {
    if (typeof option.const !== "string")
      throw new Error("Teach emit-checks.js and explain.ts unions of schemas");
    return option.const;
  });
}

/**
 * @param {Record<string, unknown>} record
 * @returns {SchemaNode}
 */
function withoutUndefined(record) {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}
