import type { SchemaNode } from "./event-schema.js";

/** What a schema node takes, in words: `integer >= 0`, `string[]`, `object { secs, nanos }`. */
export function describeNode(node: SchemaNode): string {
  if (node.const !== undefined) return JSON.stringify(node.const);
  if (node.enum) return node.enum.map((option) => JSON.stringify(option)).join(" | ");
  if (node.type === undefined) return "any JSON value";
  switch (node.type) {
    case "string":
      return node.format === undefined ? "string" : "RFC 3339 timestamp";
    case "boolean":
      return "boolean";
    case "integer":
    case "number":
      return describeRange(node.type, node);
    case "array":
      return `${describeNode(node.items ?? {})}[]`;
    case "object":
      return describeObject(node);
  }
}

function describeRange(type: string, { minimum, maximum }: SchemaNode): string {
  if (minimum !== undefined && maximum !== undefined) return `${type} from ${minimum} to ${maximum}`;
  if (minimum !== undefined) return `${type} >= ${minimum}`;
  return maximum === undefined ? type : `${type} <= ${maximum}`;
}

function describeObject(node: SchemaNode): string {
  const names = Object.keys(node.properties ?? {});
  return names.length === 0 ? "object" : `object { ${names.join(", ")} }`;
}
