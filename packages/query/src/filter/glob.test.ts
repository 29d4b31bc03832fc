import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { escapeRegExp } from "../search/escape-reg-exp.js";
import { globTest, isGlob } from "./glob.js";

describe("globTest", () => {
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
    ["*ab", "aab", true],
    ["*a?b*c", "aaxbbc", true],
    ["a*a", "a", false],
    ["[]", "[]", true],
    ["[!]", "[!]", true],
    ["[]!]", "!", true],
    ["[!]a]", "]", false],
    ["[a-]", "-", true],
    ["[a-c-e]", "-", true],
    ["[a-c-e]", "d", false],
    ["[z-a]", "m", false],
    ["[!z-a]", "m", true],
    ["[💥-💦]", "💦", true],
    ["\ud83d*", "💥", false],
  ])("%j on %j: %s", (glob, text, matches) => {
    expect(globTest(glob)(text)).toBe(matches);
  });

  it("takes a text without wildcards for itself alone", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (text, other) => {
        fc.pre(!isGlob(text));
        expect(globTest(text)(text)).toBe(true);
        expect(globTest(text)(other)).toBe(text === other);
      }),
    );
  });

  it("decides as a regular expression made of the same glob would", () => {
    const unit = fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(..."ab*[]") },
      { weight: 1, arbitrary: fc.constantFrom(..."?-!^\\.\n💥", "\ud83d", "\udca5") },
    );
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 8 }), fc.string({ unit, maxLength: 8 }), (glob, text) => {
        const expression = expressionOf(glob);
        fc.pre(expression !== undefined);
        expect(globTest(glob)(text)).toBe(expression!.test(text));
      }),
      { numRuns: 5_000 },
    );
  });

  it("needs no more steps for many stars than for one", () => {
    const text = "a".repeat(1_000_000);
    expect(globTest(`${"*a?".repeat(20)}b`)(text)).toBe(false);
    expect(globTest(`${"*a?".repeat(20)}b`)(`${text}b`)).toBe(true);
    expect(globTest("[".repeat(100_000))(text)).toBe(false);
  });
});

/**
 * The meaning of a glob, said apart from the matcher: as a regular expression, which may take for ever on longer names.
 * A range that runs backwards has none.
 */
function expressionOf(glob: string): RegExp | undefined {
  let source = "";
  for (let at = 0; at < glob.length; at++) {
    const set = /^\[(!?)(\]?[^\]]*)\]/.exec(glob.slice(at));
    if (set && set[2] !== "") {
      source += `[${set[1] ? "^" : ""}${set[2]!.replace(/[\\\]^[]/g, "\\$&")}]`;
      at += set[0].length - 1;
    } else {
      source += glob[at] === "*" ? ".*" : glob[at] === "?" ? "." : escapeRegExp(glob[at]!);
    }
  }
  try {
    return new RegExp(`^${source}$`, "su");
  } catch {
    return undefined;
  }
}
