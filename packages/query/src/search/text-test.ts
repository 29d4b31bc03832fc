import { limits } from "../limits.js";
import { backtrackingDegree } from "./backtracking.js";
import { compilePattern, type PatternOptions } from "./pattern.js";
import { patternTimeLimit, type TimeLimit } from "./time-limit.js";

/** Whether a text matches. Keeps no state from one text to the next. */
export type TextTest = (text: string) => boolean;

/** A pattern ready to be applied to millions of texts. */
export interface SearchPattern {
  readonly test: TextTest;
  /** Whether a match within a part of a text is always a match within the whole: what stands around does not matter. */
  readonly isLocal: boolean;
  /** For a pattern that can lose itself on any text: chunks of records are to be tested within this limit. */
  readonly chunkLimit: TimeLimit | undefined;
}

/**
 * Compiles a pattern as `compilePattern` does, and sees to it that it ends: a pattern that can need exponential time is
 * limited chunk by chunk, one that can be slow on long texts is limited on those.
 *
 * @throws QueryError `BAD_PATTERN`; `PATTERN_TIMEOUT` from the test
 */
export function compileSearch(pattern: string | RegExp, options: PatternOptions): SearchPattern {
  const expression = compilePattern(pattern, options);
  const test = statelessTest(expression);
  const isLocal = isLocalExpression(expression);
  const degree = backtrackingDegree(expression.source);
  const limit = degree === 0 ? undefined : patternTimeLimit(expression);
  if (!limit) return { test, isLocal, chunkLimit: undefined };
  if (degree === Number.POSITIVE_INFINITY) return { test, isLocal, chunkLimit: limit };
  const harmlessLength = limits.maxPatternSteps ** (1 / (degree + 1));
  return {
    test: (text) => (text.length <= harmlessLength ? test(text) : limit(() => test(text))),
    isLocal,
    chunkLimit: undefined,
  };
}

/** No anchor, word boundary or look around; a negated class is taken for an anchor, to be on the safe side. */
function isLocalExpression({ source, sticky }: RegExp): boolean {
  return !sticky && !/[\^$]|\\[bB]|\(\?[=!<]/.test(source);
}

/** Begins anew for every text, also with a sticky expression. */
function statelessTest(expression: RegExp): TextTest {
  if (!expression.sticky) return (text) => expression.test(text);
  return (text) => {
    expression.lastIndex = 0;
    return expression.test(text);
  };
}
