/** Why an event type or a catalog cannot be declared. */
export type DefinitionErrorCode = "BAD_NAME" | "NOT_A_SCHEMA" | "ASYNC_VALIDATOR" | "DUPLICATE";

/** A mistake in a declaration; thrown where the declaration stands. */
export class DefinitionError extends Error {
  override readonly name = "DefinitionError";
  /**
   * `BAD_NAME`: not a type name that can be used. `NOT_A_SCHEMA`: no Standard Schema v1. `ASYNC_VALIDATOR`: the
   * validator answers with a promise. `DUPLICATE`: the catalog has that type already.
   */
  readonly code: DefinitionErrorCode;

  constructor(code: DefinitionErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
