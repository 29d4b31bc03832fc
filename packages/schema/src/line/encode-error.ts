/** Why a record cannot be encoded. */
export type EncodeErrorCode = "CYCLE" | "BIGINT" | "TOO_DEEP" | "UNENCODABLE";

/** A record that JSON cannot hold. The message names the field and says what to do about it. */
export class EncodeError extends Error {
  override readonly name = "EncodeError";
  /**
   * `CYCLE`: a value contains itself. `BIGINT`: a BigInt. `TOO_DEEP`: nested deeper than readers take.
   * `UNENCODABLE`: anything else, such as a `toJSON` that throws or an event without a type.
   */
  readonly code: EncodeErrorCode;

  constructor(code: EncodeErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
