import fc from "fast-check";
import { describe, expect, it } from "vitest";
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
    const atom = fc.constantFrom(
      "a",
      "b",
      "ab",
      "ü",
      ".",
      "\\.",
      "[ab]",
      "\\w",
      "^",
      "$",
      "\\b",
      "\\n",
      "(?=a)",
      "(?!b)",
      "\\x61",
    );
    const quantifier = fc.constantFrom("", "", "", "?", "*", "+", "{2}", "{0,1}", "+?", "{1}");
    const pattern = fc.letrec<{ any: string }>((tie) => ({
      any: fc.oneof(
        { depthSize: "small" },
        fc
          .tuple(atom, quantifier)
          .map(([text, many]) => (/^[\\^$(]/.test(text) && /[\^$b(]/.test(text) ? text : text + many)),
        fc.tuple(tie("any"), tie("any")).map(([first, second]) => first + second),
        fc.tuple(tie("any"), tie("any")).map(([first, second]) => `${first}|${second}`),
        fc.tuple(tie("any"), quantifier).map(([inner, many]) => `(?:${inner})${many}`),
      ),
    })).any;
    const text = fc.string({ unit: fc.constantFrom("a", "b", "ü", ".", "\n", "x"), maxLength: 12 });
    let told = 0;
    fc.assert(
      fc.property(
        pattern,
        fc.constantFrom("", "u"),
        fc.array(text, { maxLength: 8 }),
        (source, flags, texts) => {
          let expression: RegExp;
          try {
            expression = new RegExp(source, flags);
          } catch {
            return;
          }
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
