import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arbitraryPattern } from "../../test/arbitrary-pattern.js";
import { requiredLiterals } from "./required-literals.js";

describe("requiredLiterals", () => {
  it.each([
    [/error|failed/, ["error", "failed"], true],
    [/agent_(?:failed|retrying)/, ["agent_failed", "agent_retrying"], true],
    [/time.?out/, ["time"], false],
    [/\d+ bytes of \d/, [" bytes of "], false],
    [/(?:ab){2}c/, ["ab"], false],
    [/^failed$/, ["failed"], false],
    [/a\.b\/c\n/, ["a.b/c\n"], true],
    [/(?<name>x)y(?=z)/, ["xy"], false],
    [/größer💥/u, ["größer💥"], true],
    [/x{1}y/, ["xy"], true],
  ])("of %s are %j", (expression, texts, areAll) => {
    expect(requiredLiterals(expression)).toEqual({ texts, areAll });
  });

  it.each([/.*/, /a?b*/, /[abc]/, /a|.b?/, /\u0061/, /(a)\1|/, /\p{L}x/u, /(?:)/])(
    "of %s there are none",
    (expression) => {
      expect(requiredLiterals(expression)).toBeUndefined();
    },
  );

  it("stand in every text that matches, and are all that matters where it says so", () => {
    const pattern = arbitraryPattern(
      ...["a", "b", "ab", "ü", ".", "\\.", "[ab]", "\\w", "^", "$", "\\b", "\\n", "(?=a)", "(?!b)", "\\x61"],
    );
    const text = fc.string({ unit: fc.constantFrom("a", "b", "ü", ".", "\n", "x"), maxLength: 12 });
    let told = 0;
    fc.assert(
      fc.property(
        pattern,
        fc.constantFrom("", "u"),
        fc.array(text, { maxLength: 8 }),
        (source, flags, texts) => {
          const expression = new RegExp(source, flags);
          const required = requiredLiterals(expression);
          if (!required) return;
          told++;
          for (const each of texts) {
            const stands = required.texts.some((literal) => each.includes(literal));
            if (expression.test(each)) expect([source, each, stands]).toEqual([source, each, true]);
            if (required.areAll)
              expect([source, each, expression.test(each)]).toEqual([source, each, stands]);
          }
        },
      ),
      { numRuns: 5_000 },
    );
    expect(told).toBeGreaterThan(300);
  });
});
