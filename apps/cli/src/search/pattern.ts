import { UsageError } from "../errors/usage-error.js";

export interface PatternChoices {
  readonly isLiteral: boolean;
  readonly isCaseSensitive: boolean;
}

/**
 * The expression that finds all places of a match, for showing them. Case matters if the pattern has an
 * upper-case letter or the user says so. Throws `UsageError` for what is no regular expression.
 */
export function compilePattern(pattern: string, { isLiteral, isCaseSensitive }: PatternChoices): RegExp {
  const source = isLiteral ? pattern.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&") : pattern;
  const matters = isCaseSensitive || hasUpperCase(pattern, isLiteral);
  try {
    return new RegExp(source, matters ? "gu" : "giu");
  } catch (cause) {
    return compileLeniently(pattern, source, matters ? "g" : "gi", cause);
  }
}

/** Patterns that are only valid without the `u` flag, such as `\-`. */
function compileLeniently(pattern: string, source: string, flags: string, cause: unknown): RegExp {
  try {
    return new RegExp(source, flags);
  } catch {
    const why = cause instanceof Error ? cause.message.replace(/^.*: /, "") : String(cause);
    throw new UsageError(
      `${JSON.stringify(pattern)} is not a regular expression (${why}); write search -F to look for it as plain text`,
      { cause },
    );
  }
}

/** Whether the pattern has an upper-case letter that stands for itself: `\S` and `\W` have none. */
export function hasUpperCase(pattern: string, isLiteral: boolean): boolean {
  return /\p{Lu}/u.test(isLiteral ? pattern : pattern.replace(/\\[pPuxc]\{?[^}]*\}?|\\./gu, ""));
}
