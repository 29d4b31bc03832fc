/**
 * The vocabulary of the emitted checks in `src/generated`, and the form in which they come.
 *
 * A check says whether a value fits, and nothing about why not.
 */
export type Check = (value: unknown) => boolean;

/** The two emitted checks of an event type. They differ only where the type has fields with a format. */
export interface Checks {
  readonly shape: Check;
  readonly full: Check;
}

/** A JSON object: not null, not an array. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An integer within bounds, both included. */
export function isInteger(value: unknown, minimum = -Infinity, maximum = Infinity): value is number {
  return Number.isInteger(value) && isWithin(value as number, minimum, maximum);
}

/** A finite number within bounds, both included. */
export function isNumber(value: unknown, minimum = -Infinity, maximum = Infinity): value is number {
  return Number.isFinite(value) && isWithin(value as number, minimum, maximum);
}

function isWithin(value: number, minimum: number, maximum: number): boolean {
  return value >= minimum && value <= maximum;
}

/** An array all of whose items fit. Unlike `Array.prototype.every` it sees holes, which JSON writes as null. */
export function every(value: unknown, check: Check): value is unknown[] {
  if (!Array.isArray(value)) return false;
  for (let index = 0; index < value.length; index++) {
    if (!check(value[index])) return false;
  }
  return true;
}
