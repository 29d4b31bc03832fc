import { describe, expect, it } from "vitest";
import { compileSearch } from "./text-test.js";

describe("compileSearch", () => {
  it.each([/b/g, /b/gy, /^ab/y, "b"])(
    "of %s gives the same answer to the same text every time",
    (pattern) => {
      const { test } = compileSearch(pattern, {});
      const first = test("abab");
      for (let again = 0; again < 5; again++) expect(test("abab")).toBe(first);
    },
  );

  it("begins a sticky expression at the start of each text", () => {
    const { test } = compileSearch(/b/y, {});
    expect([test("ba"), test("ab"), test("ba")]).toEqual([true, false, true]);
  });

  it.each([
    ["error|failed", true],
    ["a.*b", true],
    ["^a", false],
    ["a$", false],
    ["\\bword", false],
    ["(?=a)", false],
    ["(?<!a)b", false],
    [/a/y, false],
    ["a\\.b", true],
  ])("knows whether %s cares for what stands around: %s", (pattern, isLocal) => {
    expect(compileSearch(pattern, {}).isLocal).toBe(isLocal);
  });

  it("costs patterns that cannot lose themselves no time limit at all", () => {
    expect(compileSearch("error|failed", {}).chunkLimit).toBeUndefined();
    expect(compileSearch("(a+)+", { literal: true }).chunkLimit).toBeUndefined();
    expect(compileSearch("code \\d+", {}).chunkLimit).toBeUndefined();
  });

  it("ends a pattern of exponential time", () => {
    const { test, chunkLimit } = compileSearch("^(a+)+$", {});
    expect(chunkLimit?.(() => test("aaaa"))).toBe(true);
    const text = `${"a".repeat(50)}!`;
    expect(() => chunkLimit?.(() => test(text))).toThrow(
      expect.objectContaining({ code: "PATTERN_TIMEOUT", message: expect.stringContaining("^(a+)+$") }),
    );
  }, 20_000);

  it("ends a pattern of polynomial time on a text that is long enough", () => {
    const { test } = compileSearch("a*a*a*a*b", {});
    expect(test("aaab")).toBe(true);
    expect(() => test("a".repeat(20_000))).toThrow(expect.objectContaining({ code: "PATTERN_TIMEOUT" }));
  }, 20_000);

  it("passes on what the tested code throws", () => {
    const { chunkLimit } = compileSearch("(a+)+", {});
    expect(() =>
      chunkLimit?.(() => {
        throw new RangeError("mine");
      }),
    ).toThrow(RangeError);
  });
});
