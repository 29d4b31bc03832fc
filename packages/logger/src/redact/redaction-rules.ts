import { findAssignments } from "./find-assignments.js";
import { builtinKeyWords, KeyWords, type SecretName } from "./key-words.js";
import { type Literal, LiteralScan, type TextMemory } from "./literal-scan.js";
import { normalizeRedaction, type RedactionOptions } from "./redaction-options.js";
import { joinSpans, type SecretSpan } from "./secret-span.js";
import { builtinValuePatterns, type ValuePattern } from "./value-patterns.js";

/**
 * Ways in which JSON inside a string can write a literal otherwise than letter by letter: ASCII as `\u0041`, and the
 * slashes of `://` as `\/`, at whatever depth of JSON in JSON. They are only looked for, so that the inside is read.
 */
const escapedLiterals: readonly Literal[] = [
  { text: "\\u00", behind: /[2-7]/y },
  ...[":\\/\\", ":\\//", ":\\\\/", ":\\\\\\", ":/\\/", ":/\\\\"].map((text) => ({ text })),
];

/** What is a secret: names of keys, looks of values, and what is exempt. */
export class RedactionRules {
  readonly #keyWords: KeyWords;
  readonly #patterns: readonly ValuePattern[];
  readonly #scan: LiteralScan;
  readonly #searchesAll: boolean;
  readonly #allow: ReadonlySet<string>;

  constructor(options?: RedactionOptions) {
    const { keyWords, patterns, allow } = normalizeRedaction(options);
    this.#keyWords = new KeyWords([...keyWords, ...builtinKeyWords]);
    this.#patterns = [...patterns, ...builtinValuePatterns];
    const literals = this.#patterns.flatMap(({ literals }) => literals ?? []);
    this.#scan = new LiteralScan([...escapedLiterals, ...this.#keyWords.literals, ...literals]);
    this.#searchesAll = patterns.some(({ literals }) => literals === undefined);
    this.#allow = new Set(allow);
  }

  /**
   * Whether a text can hold a secret at all: one quick look. It never misses any, neither in the text nor in what the
   * text holds as JSON, at whatever depth.
   */
  isSuspicious(text: string, from = 0, to = text.length): boolean {
    return this.#searchesAll || this.#scan.test(text, from, to);
  }

  /** The same of UTF-8 text in memory, between two places; the text ends at `end`. */
  isSuspiciousIn(memory: TextMemory, from: number, to: number, end: number): boolean {
    return this.#searchesAll || this.#scan.testBytes(memory, from, to, end);
  }

  /** What a key says of its value, if it names a secret. */
  nameOfKey(key: string): SecretName | undefined {
    return this.#keyWords.nameOf(key);
  }

  /** Whether what stands under a key, at a path, is left as it is. */
  isAllowed(key: string, path: () => string): boolean {
    return this.#allow.size > 0 && (this.#allow.has(key) || this.#allow.has(path()));
  }

  /** The secrets in a text that is no JSON. */
  secretsIn(text: string): SecretSpan[] {
    const spans: SecretSpan[] = [];
    const found = (span: SecretSpan): void => void spans.push(span);
    for (const pattern of this.#patterns) pattern.find(text, found);
    findAssignments(text, this.#keyWords, found);
    return spans.length === 0 ? spans : joinSpans(text, spans);
  }
}

let usual: RedactionRules | undefined;

/** The rules without options; made once, because that takes a millisecond. */
export function usualRules(): RedactionRules {
  usual ??= new RedactionRules();
  return usual;
}
