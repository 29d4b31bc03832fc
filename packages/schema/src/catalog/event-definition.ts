import type { AnyEvent } from "../events.js";
import type { Severity } from "../traits/traits.js";
import type { EventSchema } from "../validation/event-schema.js";
import type { FieldDescription } from "../validation/fields-of.js";
import type { ValidationIssue, ValidationLevel } from "../validation/issue.js";

/** Everything that is known of one event type. */
export interface EventDefinition {
  readonly eventType: string;
  readonly category: string;
  readonly description: string;
  /** In the order in which they are written; empty for a type whose validator does not tell. */
  readonly fields: readonly FieldDescription[];
  readonly jsonSchema?: EventSchema;
  severity(event: AnyEvent): Severity;
  /** The essentials of an event in a few words, without its type and ids; may be empty; never throws. */
  summary(event: AnyEvent): string;
  /** How the event does not fit; empty if it fits. Never throws. */
  validate(event: unknown, level: ValidationLevel): ValidationIssue[];
}
