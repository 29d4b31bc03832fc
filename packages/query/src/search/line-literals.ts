import { requiredLiterals } from "./required-literals.js";
import type { SearchQuestion } from "./search-question.js";

/** What to look for in the bytes of lines, so that only lines in which some of it stands can match. */
export interface LineLiterals {
  /** Small letters where case does not matter. */
  readonly texts: readonly string[];
  /** Whether ASCII letters stand for both cases. */
  readonly foldsCase: boolean;
  /** Whether every line with one of them matches. */
  readonly areAll: boolean;
}

/** Letters that, without regard to case and with the `u` flag, are the same as an ASCII letter: of `s` and of `k`. */
const foldedToAscii = ["\u017f", "\u212a"];

/** The literals of a search; `undefined` if it has none that help. */
export function lineLiterals({ source, flags, raw, fields }: SearchQuestion): LineLiterals | undefined {
  const required = requiredLiterals(new RegExp(source, flags));
  if (!required) return undefined;
  const foldsCase = flags.includes("i");
  const texts = foldsCase ? required.texts.map(longestAsciiRun) : [...required.texts];
  if (texts.includes("")) return undefined;
  // The fields of a search may be numbers, which are searched as we write them: a line may spell them otherwise.
  if (!raw && fields.length > 0 && texts.some(mayBeNumber)) return undefined;
  const isWhole = texts.every((text, at) => text.length === required.texts[at]!.length);
  const hasOtherForms = foldsCase && flags.includes("u") && texts.some((text) => /[sk]/.test(text));
  if (hasOtherForms) texts.push(...foldedToAscii);
  // In a line, what is no plain character of a text is written with a backslash, and any character may be.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what JSON escapes
  const isEscaped = texts.some((text) => /["\\/\u0000-\u001f]/.test(text));
  if (!raw) texts.push(isEscaped ? "\\" : "\\u");
  return { texts, foldsCase, areAll: raw && required.areAll && isWhole && !hasOtherForms };
}

/** Other letters have other bytes in each case. */
function longestAsciiRun(text: string): string {
  const runs = text.match(/[ -~\t\n\r]+/g) ?? [""];
  const longest = runs.reduce((best, run) => (run.length > best.length ? run : best), "");
  return longest.toLowerCase();
}

/** Whether a text can stand in what JavaScript writes for a number. */
function mayBeNumber(text: string): boolean {
  return /^[-+.0-9e]*$/i.test(text) || "infinity".includes(text.toLowerCase());
}
