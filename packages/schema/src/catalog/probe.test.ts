import { describe, expect, it } from "vitest";
import { isAsynchronous } from "./probe.js";
import type { StandardIssue, StandardSchema } from "./standard-schema.js";

type Rule = readonly [path: readonly string[], fits: (value: unknown) => boolean];

describe("isAsynchronous", () => {
  it.each<[string, Rule[]]>([
    ["text", [[["a"], (value) => typeof value === "string"]]],
    ["a number", [[["a"], Number.isInteger]]],
    ["a choice of nothing known", [[["a"], (value) => value === "text"]]],
    ["true", [[["a"], (value) => value === true]]],
    ["a list", [[["a"], Array.isArray]]],
    ["null", [[["a"], (value) => value === null]]],
    ["a timestamp", [[["a"], (value) => typeof value === "string" && value.includes("T")]]],
    ["zero", [[["a"], (value) => value === 0]]],
    [
      "an object with fields",
      [
        [["a"], (value) => typeof value === "object" && value !== null && !Array.isArray(value)],
        [["a", "b"], (value) => typeof value === "number"],
      ],
    ],
    ["a field called __proto__", [[["__proto__"], (value) => value === true]]],
  ])("finds a promise behind a field that wants %s", (_, rules) => {
    expect(isAsynchronous(asynchronousBehind(rules))).toBe(true);
  });

  it("does not take a validator for asynchronous that never answers with a promise", () => {
    expect(isAsynchronous(schema(() => ({ issues: [{ message: "no" }] })))).toBe(false);
    expect(isAsynchronous(schema(() => ({})))).toBe(false);
  });

  it("ends at a field that no candidate satisfies", () => {
    expect(isAsynchronous(asynchronousBehind([[["a", "b"], () => false]]))).toBe(false);
  });

  it("does not take a validator for asynchronous that throws", () => {
    expect(
      isAsynchronous(
        schema(() => {
          throw new Error("out of order");
        }),
      ),
    ).toBe(false);
  });
});

/** Synchronous until every rule is met, as a schema with an asynchronous refinement is. */
function asynchronousBehind(rules: readonly Rule[]): StandardSchema {
  return schema((value) => {
    const issues: StandardIssue[] = [];
    for (const [path, fits] of rules) {
      const found = path.reduce<unknown>((at, key) => ownValue(at, key), value);
      if (!fits(found)) issues.push({ message: "does not fit", path });
    }
    return issues.length > 0 ? { issues } : Promise.resolve({});
  });
}

function ownValue(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
}

function schema(validate: StandardSchema["~standard"]["validate"]): StandardSchema {
  return { "~standard": { version: 1, vendor: "test", validate } };
}
