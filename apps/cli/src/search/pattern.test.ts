import { describe, expect, it } from "vitest";
import { compilePattern } from "./pattern.js";
import { takePattern } from "./take-pattern.js";

const compile = (pattern: string, isLiteral = false, isCaseSensitive = false) =>
  compilePattern(pattern, { isLiteral, isCaseSensitive });

describe("compilePattern", () => {
  it.each([
    ["timeout", false],
    ["Timeout", true],
    ["\\S+", false],
    ["\\p{Lu}x", false],
    ["\\u00C9x", false],
    ["É", true],
  ])("%s tells upper from lower case: %s", (pattern, isSensitive) => {
    expect(compile(pattern).ignoreCase).toBe(!isSensitive);
    expect(compile(pattern, false, true).ignoreCase).toBe(false);
  });

  it("takes plain text as it is", () => {
    expect("a.b(c)[d]|e^$".match(compile("a.b(c)[d]|e^$", true))).toHaveLength(1);
    expect(compile("a.b", true).test("axb")).toBe(false);
    expect(compile("\\S", true).ignoreCase).toBe(false);
  });

  it("takes what is only valid without the unicode flag", () => {
    expect(compile("a\\-b").test("A-B")).toBe(true);
  });

  it("says what is wrong with a pattern, and how to search for it as text", () => {
    expect(() => compile("(")).toThrow(
      '"(" is not a regular expression (Unterminated group); write search -F to look for it as plain text',
    );
  });
});

describe("takePattern", () => {
  const nothingExists = () => false;

  it("is the positional argument", () => {
    expect(takePattern(["x"], ["a", "b"], nothingExists)).toEqual({ pattern: "x", file: ["a", "b"] });
  });

  it("is the last word behind --file, unless that is a file", () => {
    expect(takePattern([], ["a", "x"], nothingExists)).toEqual({ pattern: "x", file: ["a"] });
    expect(() => takePattern([], ["a", "b"], () => true)).toThrow("search needs a PATTERN before --file");
    expect(() => takePattern([], ["x"], nothingExists)).toThrow("search needs a PATTERN before --file");
  });

  it("is asked for when there is none", () => {
    expect(() => takePattern([], [], nothingExists)).toThrow("search needs a PATTERN, for example");
  });
});
