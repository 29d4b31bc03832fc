import { describeNode } from "./describe-node.js";
import type { EventSchema } from "./event-schema.js";

/** A field of an event type, for people. */
export interface FieldDescription {
  name: string;
  /** What it takes: `integer >= 0`, `string[]`, `object { secs, nanos }`. */
  type: string;
  required: boolean;
  description?: string;
}

/** The fields of an event type beside `event_type`, in the order in which they are written. */
export function fieldsOf(schema: EventSchema): FieldDescription[] {
  return Object.entries(schema.properties)
    .filter(([name]) => name !== "event_type")
    .map(([name, node]) => ({
      name,
      type: describeNode(node),
      required: schema.required.includes(name),
      ...(node.description === undefined ? {} : { description: node.description }),
    }));
}
