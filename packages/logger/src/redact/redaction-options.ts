import { LoggerOptionsError } from "../errors.js";
import { limits } from "../limits.js";
import type { KeyWord } from "./key-words.js";
import type { Literal } from "./literal-scan.js";
import { type ValuePattern, valuePattern } from "./value-patterns.js";

/** A sort of secret of your own, known by its look. */
export interface RedactionPattern {
  /** Its name, in the mark `[REDACTED:kind]`: lower-case letters, digits and `-`. */
  readonly kind: string;
  /** Every match is replaced. It should take linear time: it runs inside `log()`. */
  readonly pattern: RegExp;
  /**
   * Texts of which one is in every such secret, in any case: at least four characters of ASCII, no quote, backslash or
   * slash. With them, records without any of these cost nothing; without them, every text is searched.
   */
  readonly literals?: readonly string[] | undefined;
}

/** What else is a secret, and what is none. */
export interface RedactionOptions {
  /** Further names of secrets: `session_id` matches the keys `sessionId`, `SESSION-ID`, `user_session_id` … */
  readonly keyWords?: readonly string[] | undefined;
  readonly patterns?: readonly RedactionPattern[] | undefined;
  /** Keys (`csrf_token`, wherever it stands) and fields (`event.parameters.body`) that are left as they are. */
  readonly allow?: readonly string[] | undefined;
}

/** The options with everything present and checked. */
export interface RedactionSettings {
  readonly keyWords: readonly KeyWord[];
  readonly patterns: readonly ValuePattern[];
  readonly allow: readonly string[];
}

/** Checks options. Throws {@link LoggerOptionsError}. */
export function normalizeRedaction({
  keyWords = [],
  patterns = [],
  allow = [],
}: RedactionOptions = {}): RedactionSettings {
  return {
    keyWords: list("redact.keyWords", keyWords).map(keyWordOf),
    patterns: list("redact.patterns", patterns).map(patternOf),
    allow: list("redact.allow", allow).map((name) => {
      if (typeof name === "string" && name !== "") return name;
      throw bad("redact.allow", name, "keys, or fields such as event.parameters.body");
    }),
  };
}

function list<Item>(option: string, value: readonly Item[]): readonly Item[] {
  if (Array.isArray(value)) return value;
  throw bad(option, value, "a list");
}

function keyWordOf(name: string): KeyWord {
  const words =
    typeof name === "string"
      ? name
          .replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2")
          .toLowerCase()
          .split(/[-_. ]/)
          .filter(Boolean)
      : [];
  const letters = words.join("");
  if (/^[a-z0-9]+$/.test(letters) && letters.length >= limits.minLiteralLength) {
    return { words, kind: words.join("-") };
  }
  throw bad("redact.keyWords", name, "words of ASCII letters and digits, four or more together");
}

function patternOf(given: RedactionPattern): ValuePattern {
  const { kind, pattern, literals } = given ?? {};
  if (typeof kind !== "string" || !/^[a-z0-9][a-z0-9-]{0,63}$/.test(kind)) {
    throw bad("redact.patterns", kind, "a kind of lower-case letters, digits and -");
  }
  if (!(pattern instanceof RegExp)) throw bad("redact.patterns", pattern, "a pattern that is a RegExp");
  return valuePattern(kind, pattern, literals && list("redact.patterns", literals).map(literalOf));
}

function literalOf(text: string): Literal {
  if (typeof text === "string" && text.length >= limits.minLiteralLength && /^[ !#-.0-[\]-~]+$/.test(text)) {
    return { text: text.toLowerCase() };
  }
  throw bad("redact.patterns", text, "literals of four or more ASCII characters other than quotes, \\ and /");
}

function bad(option: string, value: unknown, fitting: string): LoggerOptionsError {
  const shown = typeof value === "string" ? JSON.stringify(value) : String(value);
  return new LoggerOptionsError("redact", `the option ${option} has ${shown}; give ${fitting}`);
}
