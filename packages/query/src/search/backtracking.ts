/**
 * How badly a regular expression can backtrack, from its form alone: on a text of length n it takes at most about
 * n^(degree+1) steps. 0 for one without repetition; the number of repetitions where each repeats a single character or
 * class; infinite where a group is repeated, or an earlier group is referred to: then steps can grow exponentially.
 */
export function backtrackingDegree(source: string): number {
  const bare = withoutClassesAndEscapes(source);
  if (bare === undefined || /\)(?:[*+]|\{\d)/.test(bare)) return Number.POSITIVE_INFINITY;
  // Alternatives multiply over groups, as repetitions do.
  const groups = bare.match(/\([^)]*\|/g)?.length ?? 0;
  const repetitions = bare.replaceAll("(?", "(").match(/[*+?]|\{\d+,\d*\}/g)?.length ?? 0;
  return groups + repetitions;
}

/** The expression with every class and escape as one letter; `undefined` if it refers to an earlier group. */
function withoutClassesAndEscapes(source: string): string | undefined {
  let bare = "";
  for (let at = 0; at < source.length; at++) {
    if (source[at] === "\\") {
      at++;
      if (/[1-9k]/.test(source[at] ?? "")) return undefined;
      bare += "x";
    } else if (source[at] === "[") {
      for (at++; at < source.length && source[at] !== "]"; at++) if (source[at] === "\\") at++;
      bare += "x";
    } else {
      bare += source[at];
    }
  }
  return bare;
}
