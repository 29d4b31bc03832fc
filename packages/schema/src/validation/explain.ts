import { isTimestamp } from "../timestamp.js";
import { isInteger, isNumber, isObject } from "./checks.js";
import { describeNode } from "./describe-node.js";
import type { SchemaNode } from "./event-schema.js";
import { below, describeValue, type ValidationIssue } from "./issue.js";

/**
 * Every way in which a value does not fit a schema, in the order of the schema's fields; empty if it fits. Slow
 * and simple: it runs only after an emitted check said no, and a property test holds the two equal.
 */
export function explain(schema: SchemaNode, value: unknown, level: "shape" | "full"): ValidationIssue[] {
  const issues: ValidationIssue[] = [];
  visit(schema, value, "");
  return issues;

  function visit(node: SchemaNode, value: unknown, path: string): void {
    if (!fits(node, value, level)) {
      issues.push({ path, expected: describeNode(node), received: describeValue(value) });
    } else if (node.type === "array") {
      const items = value as unknown[];
      for (let index = 0; index < items.length; index++)
        visit(node.items ?? {}, items[index], below(path, index));
    } else if (node.type === "object") {
      visitFields(node, value as Record<string, unknown>, path);
    }
  }

  function visitFields(node: SchemaNode, fields: Record<string, unknown>, path: string): void {
    for (const [name, field] of Object.entries(node.properties ?? {})) {
      if (fields[name] === undefined && !node.required?.includes(name)) continue;
      visit(field, fields[name], below(path, name));
    }
  }
}

/** Whether the value itself fits, its items and fields left aside. */
function fits(node: SchemaNode, value: unknown, level: "shape" | "full"): boolean {
  if (node.const !== undefined) return value === node.const;
  if (node.enum) return node.enum.some((option) => option === value);
  if (node.type === undefined) return value !== undefined;
  switch (node.type) {
    case "string":
      return (
        typeof value === "string" && (level === "shape" || node.format === undefined || isTimestamp(value))
      );
    case "boolean":
      return typeof value === "boolean";
    case "integer":
      return isInteger(value, node.minimum, node.maximum);
    case "number":
      return isNumber(value, node.minimum, node.maximum);
    case "array":
      return Array.isArray(value);
    case "object":
      return isObject(value);
  }
}
