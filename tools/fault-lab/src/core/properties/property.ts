import fc from "fast-check";

/** A statement about all values, and how many of them are tried. */
export interface Property {
  readonly name: string;
  readonly runs: { readonly quick: number; readonly full: number };
  check(options: { readonly numRuns: number; readonly seed: number }): Promise<fc.RunDetails<unknown>>;
}

/** A property of one kind of value; `holds` throws, or returns false, where it does not hold. */
export function property<Value>(
  name: string,
  runs: Property["runs"],
  arbitrary: fc.Arbitrary<Value>,
  holds: (value: Value) => unknown,
): Property {
  const checked = fc.asyncProperty(arbitrary, async (value) => (await holds(value)) !== false);
  return {
    name,
    runs,
    check: async (options) => (await fc.check(checked, options)) as fc.RunDetails<unknown>,
  };
}

/** Throws with both values when they differ. */
export function same(actual: unknown, expected: unknown, what: string): void {
  const [one, other] = [actual, expected].map((value) => JSON.stringify(value, bigintAsText) ?? "undefined");
  if (one !== other) throw new Error(`${what}: ${one?.slice(0, 300)} instead of ${other?.slice(0, 300)}`);
}

function bigintAsText(_: string, value: unknown): unknown {
  return typeof value === "bigint" ? `${value}n` : value;
}
