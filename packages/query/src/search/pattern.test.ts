import fc from "fast-check";
import { describe, expect, it } from "vitest";
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
});
