import { UsageError } from "../errors/usage-error.js";

/** A whole number of at least `least`. Throws `UsageError`. */
export function parseWholeNumber(option: string, text: string, least = 0): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new UsageError(`${option} wants a whole number of at least ${least}, got ${JSON.stringify(text)}`);
}
