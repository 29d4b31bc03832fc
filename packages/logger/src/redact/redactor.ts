import type { BoundValues } from "../record/bound-values.js";
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

  /** A record's line without its secrets. Only the part from `from` to `to` can have any. */
  line(line: string, from: number, to: number): string {
    return this.#rules.isSuspicious(line, from, to) ? this.#search.rewriteJson(line, this.#noteOne) : line;
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
