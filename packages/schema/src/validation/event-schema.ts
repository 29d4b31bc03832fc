/**
 * The part of JSON Schema 2020-12 that describes events: plain data, from which the checks are emitted, issues are
 * explained and field lists are made. A node without `type`, `const` and `enum` takes any JSON value.
 */
export interface SchemaNode {
  readonly description?: string;
  readonly type?: "string" | "boolean" | "integer" | "number" | "array" | "object";
  readonly const?: string;
  readonly enum?: readonly string[];
  readonly format?: "date-time";
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: SchemaNode;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
}

/** The JSON Schema of one event type. */
export interface EventSchema extends SchemaNode {
  readonly $schema: string;
  readonly $id: string;
  readonly title: string;
  readonly description: string;
  readonly type: "object";
  readonly properties: Readonly<Record<string, SchemaNode>>;
  readonly required: readonly string[];
}
