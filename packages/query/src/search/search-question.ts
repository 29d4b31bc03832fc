import type { RecordTest } from "../filter/compile-filter.js";
import { compilePattern, type PatternOptions } from "./pattern.js";
import { type SearchScope, searchTest } from "./searched-text.js";
import { compileSearch, type SearchPattern } from "./text-test.js";

/** What is searched for, and where, as plain data that a thread can be sent. */
export interface SearchQuestion {
  readonly source: string;
  readonly flags: string;
  readonly fields: readonly string[];
  readonly raw: boolean;
}

/** A search ready to be carried out. */
export interface CompiledSearch extends SearchPattern {
  readonly question: SearchQuestion;
  readonly expression: RegExp;
  /** Whether a record has what is searched for. */
  readonly accepts: RecordTest;
}

/** @throws QueryError `BAD_PATTERN` */
export function searchQuestion(
  pattern: string | RegExp,
  options: PatternOptions & SearchScope,
): SearchQuestion {
  const { source, flags } = compilePattern(pattern, options);
  return { source, flags, fields: options.fields ?? [], raw: options.raw ?? false };
}

/** Compiles a search, in whatever thread. */
export function openSearch(question: SearchQuestion): CompiledSearch {
  const expression = new RegExp(question.source, question.flags);
  const pattern = compileSearch(expression, {});
  return { ...pattern, question, expression, accepts: searchTest(pattern, question) };
}
