import { QueryError } from "../errors.js";
import { escapeRegExp } from "../filter/glob.js";

/** How a pattern given as text is understood. */
export interface PatternOptions {
  /** The text itself is searched for; nothing in it has a meaning. */
  readonly literal?: boolean | undefined;
  /** Left out: smart case, so that only a pattern with a capital letter tells capitals from small letters. */
  readonly caseSensitive?: boolean | undefined;
}

/**
 * The regular expression for a pattern. Text is a JavaScript regular expression unless `literal`; a `RegExp` stays as
 * it is, its case included, but for the `g` flag, which would make it remember where it stopped.
 *
 * @throws QueryError `BAD_PATTERN` with the runtime's own explanation
 */
export function compilePattern(pattern: string | RegExp, options: PatternOptions): RegExp {
  if (pattern instanceof RegExp) return new RegExp(pattern.source, pattern.flags.replace("g", ""));
  const source = options.literal ? escapeRegExp(pattern) : pattern;
  const isSensitive = options.caseSensitive ?? hasCapital(pattern, options.literal ?? false);
  const flags = isSensitive ? "" : "i";
  try {
    return new RegExp(source, `${flags}u`);
  } catch {
    // Unicode mode refuses some old escapes (`\-`) that are fine without it; what is wrong in both is an error.
    return withoutUnicode(source, flags);
  }
}

function withoutUnicode(source: string, flags: string): RegExp {
  try {
    return new RegExp(source, flags);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new QueryError(
      "BAD_PATTERN",
      `${reason}; to search for the text itself, ask for a literal search`,
      { cause },
    );
  }
}

/** Whether a pattern has a capital letter of its own: those of classes and escapes (`\S`, `\u00E9`) do not count. */
function hasCapital(pattern: string, isLiteral: boolean): boolean {
  const own = isLiteral
    ? pattern
    : pattern.replace(/\\(?:u\{[^}]*\}|[pPk][{<][^}>]*[}>]|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|c?.)/gsu, "");
  return /\p{Lu}/u.test(own);
}
