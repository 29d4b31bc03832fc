import type { BoundValues } from "../record/bound-values.js";
import type { TextMemory } from "./literal-scan.js";
import type { RedactionRules } from "./redaction-rules.js";
import { SecretSearch } from "./secret-search.js";

/** Replaces the secrets in what a logger is about to keep, and counts them. */
export class Redactor {
  readonly #rules: RedactionRules;
  readonly #search: SecretSearch;
  #count = 0;

  constructor(rules: RedactionRules) {
    this.#rules = rules;
    this.#search = new SecretSearch(rules);
  }

  /** Values replaced so far. */
  get count(): number {
    return this.#count;
  }

  /** Whether a line in memory, which ends at `end`, can have any secret between `from` and `to`: one quick look. */
  isSuspicious(memory: TextMemory, from: number, to: number, end: number): boolean {
    return this.#rules.isSuspiciousIn(memory, from, to, end);
  }

  /** A record's line without its secrets. */
  line(line: string): string {
    return this.#search.rewriteJson(line, this.#noteOne);
  }

  /** A text without its secrets. */
  text(text: string): string {
    return this.#search.rewriteText(text, this.#noteOne) ?? text;
  }

  /** Bound fields (`event`) or metadata, as JSON shows them, without their secrets. */
  values(values: BoundValues, part: "event" | "metadata"): BoundValues {
    const json = JSON.stringify({ [part]: values });
    if (!this.#rules.isSuspicious(json)) return values;
    return (JSON.parse(this.#search.rewriteJson(json, this.#noteOne)) as Record<string, BoundValues>)[part]!;
  }

  readonly #noteOne = (): void => {
    this.#count += 1;
  };
}
