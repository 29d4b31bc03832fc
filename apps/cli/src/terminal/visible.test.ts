import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { asciiOnly, isUnsafe, visible, visibleJson } from "./visible.js";

describe("visible", () => {
  it.each([
    ["\u001b]0;pwn\u0007", "\\u{1b}]0;pwn\\u{7}"],
    ["\u001b[2J", "\\u{1b}[2J"],
    ["\u009b31m", "\\u{9b}31m"],
    ["\u001b]8;;http://e\u001b\\x", "\\u{1b}]8;;http://e\\u{1b}\\x"],
    ["\u001bP$q", "\\u{1b}P$q"],
    ["a\rFAKE", "a\\rFAKE"],
    ["a\bb", "a\\u{8}b"],
    ["a\nb\tc", "a\\nb\\tc"],
    ["\u202egnp.exe", "\\u{202e}gnp.exe"],
    ["zero\u200bwidth\ufeff", "zero\\u{200b}width\\u{feff}"],
    ["\u2066x\u2069\u061c", "\\u{2066}x\\u{2069}\\u{61c}"],
    ["line\u2028s", "line\\u{2028}s"],
    ["\ud800", "\\u{d800}"],
    ["\u007f\u0000", "\\u{7f}\\u{0}"],
    ["tag \u{e0041}", "tag \\u{e0041}"],
  ])("shows %j as %j", (text, shown) => {
    expect(visible(text)).toBe(shown);
  });

  it.each(["plain", "größe", "日本語", "🦀 ok", "a·b…", ""])("leaves %j as it is", (text) => {
    expect(visible(text)).toBe(text);
  });

  it("never lets a control, bidi or zero-width character through", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(isUnsafe(visible(text))).toBe(false);
        // The same rule, said in another way: by Unicode category, with the marks of direction and zero width.
        expect(visible(text)).not.toMatch(
          /[\p{Cc}\p{Cs}\u200b-\u200f\u2028-\u202e\u2066-\u2069\u061c\ufeff]/u,
        );
      }),
      { numRuns: 1000 },
    );
  });
});

describe("visibleJson", () => {
  it("changes the text and not the value", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(undefined, 2), (value, indent) => {
        const json = JSON.stringify(value, null, indent);
        expect(JSON.parse(visibleJson(json))).toEqual(JSON.parse(json));
      }),
      { numRuns: 1000 },
    );
  });

  it("writes characters that JSON leaves raw as escapes", () => {
    expect(visibleJson(JSON.stringify("\u009b31m\u202e\u200b\u007f\u{e0041}"))).toBe(
      '"\\u009b31m\\u202e\\u200b\\u007f\\udb40\\udc41"',
    );
  });
});

describe("asciiOnly", () => {
  it("keeps ASCII, replaces separators and escapes the rest", () => {
    expect(asciiOnly("45.0s · größe…")).toBe("45.0s - gr\\u{f6}\\u{df}e...");
  });
});
