import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isDeeperThan } from "./nesting.js";

describe("isDeeperThan", () => {
  it.each([
    ["[".repeat(256) + "]".repeat(256), false],
    ["[".repeat(257) + "]".repeat(257), true],
    [`${'{"a":'.repeat(257)}1${"}".repeat(257)}`, true],
    [`["${"[".repeat(10_000)}"]`, false],
    [`["\\"${"[".repeat(10_000)}"]`, false],
    [`["\\\\",${"[".repeat(257)}${"]".repeat(257)}]`, true],
    [`[${"[],".repeat(10_000)}[]]`, false],
    ["[".repeat(100_000), true],
  ])("tells depth from mere brackets (case %#)", (text, expected) => {
    expect(isDeeperThan(text, 256)).toBe(expected);
  });

  it("agrees with the depth of the parsed value", () => {
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof({ depthSize: "large", withCrossShrink: true }, fc.string(), tie("list"), tie("map")),
      list: fc.array(tie("value"), { maxLength: 3 }),
      map: fc.dictionary(fc.string(), tie("value"), { maxKeys: 3 }),
    }));
    fc.assert(
      fc.property(value, fc.integer({ min: 0, max: 6 }), (json, maxDepth) => {
        expect(isDeeperThan(JSON.stringify(json), maxDepth)).toBe(depthOf(json) > maxDepth);
      }),
      { numRuns: 3000 },
    );
  });
});

function depthOf(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}
