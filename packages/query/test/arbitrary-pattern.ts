import fc from "fast-check";

const quantifier = fc.constantFrom("", "", "", "?", "*", "+", "{2}", "{0,1}", "+?", "{1}");

/** Regular expressions made of some atoms: one after the other, alternatives, groups and quantifiers. All are valid. */
export function arbitraryPattern(...atoms: readonly string[]): fc.Arbitrary<string> {
  const atom = fc.constantFrom(...atoms);
  const { any } = fc.letrec<{ any: string }>((tie) => ({
    any: fc.oneof(
      { depthSize: "small" },
      fc
        .tuple(atom, quantifier)
        .map(([text, many]) => (/^[\\^$(]/.test(text) && /[\^$b(]/.test(text) ? text : text + many)),
      fc.tuple(tie("any"), tie("any")).map(([first, second]) => first + second),
      fc.tuple(tie("any"), tie("any")).map(([first, second]) => `${first}|${second}`),
      fc.tuple(tie("any"), quantifier).map(([inner, many]) => `(?:${inner})${many}`),
    ),
  }));
  return any.filter((source) => isValid(source, "") && isValid(source, "iu"));
}

function isValid(source: string, flags: string): boolean {
  try {
    return new RegExp(source, flags) !== undefined;
  } catch {
    return false;
  }
}
