import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { limits } from "../limits.js";
import { compilePattern } from "./pattern.js";

describe("compilePattern", () => {
  it.each([
    ["error", "an ERROR", true],
    ["Error", "an ERROR", false],
    ["Error", "an Error", true],
    ["error\\S", "ERRORS", true],
    ["\\u0045rror", "error", true],
    ["\\p{Lu}", "x", true],
    ["größe", "GRÖSSE GRÖßE", true],
    ["É", "é", false],
    ["^a.c$", "a💥c", true],
    ["a\\-b", "a-b", true],
  ])("%s on %s by smart case: %s", (pattern, text, expected) => {
    expect(compilePattern(pattern, {}).test(text)).toBe(expected);
  });

  it("tells capitals from small letters when asked to, and never when asked not to", () => {
    expect(compilePattern("error", { caseSensitive: true }).test("ERROR")).toBe(false);
    expect(compilePattern("Error", { caseSensitive: false }).test("ERROR")).toBe(true);
  });

  it("takes a literal text for itself, whatever is in it", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string(), (text, around) => {
        const expression = compilePattern(text, { literal: true, caseSensitive: true });
        expect(expression.test(`${around}${text}${around}`)).toBe(true);
        expect(expression.test(around)).toBe(around.includes(text));
      }),
    );
    expect(compilePattern("A.B", { literal: true }).test("a.b")).toBe(false);
    expect(compilePattern("a.b", { literal: true }).test("xA.Bx")).toBe(true);
    expect(compilePattern("a.b", { literal: true }).test("aXb")).toBe(false);
  });

  it("leaves a regular expression as it is, but for the flag that gives it a memory", () => {
    expect(compilePattern(/error/, {}).test("ERROR")).toBe(false);
    expect(compilePattern(/error/gi, {}).flags).toBe("i");
    expect(compilePattern(/error/suy, {}).flags).toBe("suy");
  });

  it.each(["(", "[", "a{2,1}", "*", "(?<n>a)(?<n>b)"])("refuses %s and says why", (pattern) => {
    expect(() => compilePattern(pattern, {})).toThrow(expect.objectContaining({ code: "BAD_PATTERN" }));
    expect(() => compilePattern(pattern, {})).toThrow(/literal/);
    expect(() => compilePattern(pattern, { literal: true })).not.toThrow();
  });

  it.each([
    ["x".repeat(limits.maxPatternLength + 1), {}, "has 16385 characters"],
    ["x".repeat(limits.maxPatternLength + 1), { literal: true }, "has 16385 characters"],
    ["(".repeat(16_000), {}, "Invalid regular expression"],
  ])("refuses an oversized pattern (%#) in a few words, before it is used", (pattern, options, reason) => {
    let refusal = "";
    try {
      compilePattern(pattern, options);
    } catch (error) {
      refusal = String(error);
    }
    expect(refusal).toContain(reason);
    expect(refusal.length).toBeLessThan(500);
  });

  it("finds out before its use that the engine cannot run a pattern in Unicode mode", () => {
    const text = "x".repeat(limits.maxPatternLength);
    expect(compilePattern(text, {}).test(text)).toBe(true);
  });
});
