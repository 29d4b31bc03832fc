/**
 * The part of Standard Schema v1 (https://standardschema.dev) that we use. zod, valibot, arktype and others
 * implement it; stated here, so that no package is needed for it.
 */
export interface StandardSchema<Input = unknown> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => StandardResult | Promise<StandardResult>;
    readonly types?: { readonly input: Input; readonly output: unknown } | undefined;
  };
}

/** The result of a validator; without issues the value fits. */
export interface StandardResult {
  readonly issues?: readonly StandardIssue[] | undefined;
}

export interface StandardIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** The type that a schema takes: what is logged, not what its validator would make of it. */
export type InputOf<Schema extends StandardSchema> = NonNullable<Schema["~standard"]["types"]>["input"];

/**
 * A schema that takes every value: for event types that need a type but no validator.
 *
 * ```ts
 * defineEvent("build_started", unchecked<{ target: string }>(), { category: "build" });
 * ```
 */
export function unchecked<Payload extends object>(): StandardSchema<Payload> {
  return { "~standard": { version: 1, vendor: "@prodigy-events/schema", validate: () => ({}) } };
}

/**
 * Asks a validator: the issues it has with a value, or "promise" if one would have to wait for them. Throws what the
 * validator throws.
 */
export function validateNow(schema: StandardSchema, value: unknown): readonly StandardIssue[] | "promise" {
  const result = schema["~standard"].validate(value);
  if (!("then" in result)) return result.issues ?? [];
  // Nobody waits for it, so nobody must hear of how it ends either.
  result.then(undefined, () => undefined);
  return "promise";
}

/** The keys from the value down to what an issue is about. */
export function pathOf(issue: StandardIssue): string[] {
  return (issue.path ?? []).map((step) => String(typeof step === "object" ? step.key : step));
}
