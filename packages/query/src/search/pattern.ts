import { QueryError } from "../errors.js";
import { limits } from "../limits.js";
import { escapeRegExp } from "./escape-reg-exp.js";

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
  if (pattern.length > limits.maxPatternLength) {
    throw badPattern(`it has ${pattern.length} characters, more than ${limits.maxPatternLength}`);
  }
  const source = options.literal ? escapeRegExp(pattern) : pattern;
  const isSensitive = options.caseSensitive ?? hasCapital(pattern, options.literal ?? false);
  const flags = isSensitive ? "" : "i";
  try {
    return usable(new RegExp(source, `${flags}u`));
  } catch {
    // Unicode mode refuses some old escapes (`\-`) that are fine without it; what is wrong in both is an error.
    return withoutUnicode(source, flags);
  }
}

function withoutUnicode(source: string, flags: string): RegExp {
  try {
    return usable(new RegExp(source, flags));
  } catch (cause) {
    throw badPattern(cause instanceof Error ? cause.message : String(cause), cause);
  }
}

/** Only its first use shows that an expression is too large for the engine. */
function usable(expression: RegExp): RegExp {
  expression.test("");
  return expression;
}

/** The engine repeats the whole pattern before its reason, which stands at the end. */
function badPattern(reason: string, cause?: unknown): QueryError {
  const half = limits.maxReasonLength / 2;
  const shown =
    reason.length > limits.maxReasonLength ? `${reason.slice(0, half)} … ${reason.slice(-half)}` : reason;
  const message = `the pattern cannot be used: ${shown}; to search for the text itself, ask for a literal search`;
  return new QueryError("BAD_PATTERN", message, { cause });
}

/** Whether a pattern has a capital letter of its own: those of classes and escapes (`\S`, `\u00E9`) do not count. */
function hasCapital(pattern: string, isLiteral: boolean): boolean {
  const own = isLiteral
    ? pattern
    : pattern.replace(/\\(?:u\{[^}]*\}|[pPk][{<][^}>]*[}>]|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|c?.)/gsu, "");
  return /\p{Lu}/u.test(own);
}
