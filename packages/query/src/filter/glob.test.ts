import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { escapeRegExp, globToRegExp, isGlob } from "./glob.js";

describe("globToRegExp", () => {
  it.each([
    ["agent_*", "agent_failed", true],
    ["agent_*", "agent_", true],
    ["agent_*", "my_agent_x", false],
    ["*failed", "agent_failed", true],
    ["**", "", true],
    ["a?c", "abc", true],
    ["a?c", "ac", false],
    ["a?c", "a💥c", true],
    ["[ab]c", "bc", true],
    ["[!ab]c", "bc", false],
    ["[!ab]c", "xc", true],
    ["[a-c]", "b", true],
    ["[]]", "]", true],
    ["[^a]", "^", true],
    ["a[", "a[", true],
    ["a.c", "abc", false],
    ["a\nb*", "a\nb\nc", true],
  ])("%j on %j: %s", (glob, text, matches) => {
    expect(globToRegExp(glob).test(text)).toBe(matches);
  });

  it("takes a text without wildcards for itself alone", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (text, other) => {
        fc.pre(!isGlob(text));
        expect(globToRegExp(text).test(text)).toBe(true);
        expect(globToRegExp(text).test(other)).toBe(text === other);
      }),
    );
  });
});

describe("escapeRegExp", () => {
  it("makes an expression that matches exactly the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(new RegExp(`^${escapeRegExp(text)}$`, "u").test(text)).toBe(true);
      }),
    );
  });
});
