import { limits } from "../limits.js";
import { isNoOutcome, isNoPath, isOneWord, isUserAndPassword } from "./ambiguous-values.js";
import type { Literal } from "./literal-scan.js";
import { markStart } from "./secret-span.js";

/** What the name of a secret says of its value. */
export interface SecretName {
  readonly kind: string;
  /**
   * Present where the name is also that of other things: tells whether a value is a secret. Then only the value itself
   * is one, not what is below it.
   */
  readonly isSecret?: (value: string) => boolean;
  /** In a text, a value counts only in quotes, behind a tight `=` or a flag. */
  readonly isTight?: boolean;
}

/** Whether a value under a name is a secret. One in which a mark stands has been searched, and may look like another by now. */
export function isSecretValue({ isSecret }: SecretName, value: string): boolean {
  return isSecret === undefined || (!value.includes(markStart) && isSecret(value));
}

/** A word, or several, that make a key the name of a secret. */
export interface KeyWord extends SecretName {
  /** Lower case; between them `-`, `_`, `.`, a space or nothing. */
  readonly words: readonly string[];
  /** Counts at the end of a longer word too: `dbpassword`. */
  readonly isSuffix?: boolean;
  /** A trailing `s` may follow. */
  readonly hasPlural?: boolean;
  /** Counts only at the end of a key. */
  readonly isLast?: boolean;
  /** What the whole key must look like. */
  readonly within?: RegExp;
  /** What must not be before it in the key. */
  readonly notAfter?: RegExp;
  /** What must not follow it; sticky. */
  readonly notBefore?: RegExp;
}

const separators = ["", "-", "_", ".", " "];

const keysOf = (...owners: string[]): KeyWord[] =>
  owners.map((owner) => ({ words: [owner, "key"], kind: `${owner}-key`, hasPlural: true }));

/** The words of secrets' names. */
export const builtinKeyWords: readonly KeyWord[] = [
  { words: ["pass", "word"], kind: "password", isSuffix: true, hasPlural: true },
  { words: ["passwd"], kind: "password", isSuffix: true },
  { words: ["pass", "phrase"], kind: "password", isSuffix: true, hasPlural: true },
  { words: ["pass", "code"], kind: "password", hasPlural: true },
  { words: ["db", "pass"], kind: "password" },
  { words: ["user", "pass"], kind: "password" },
  { words: ["smtp", "pass"], kind: "password" },
  { words: ["secret"], kind: "secret", isSuffix: true, hasPlural: true },
  {
    words: ["token"],
    kind: "token",
    isSuffix: true,
    // Language models have tokens of another sort.
    notAfter: /(?:bos|eos|pad|unk|cls|sep|mask|stop|start|special|page|max|min)[-_. ]?$/i,
    notBefore: /(?<=[a-z])s|(?<=[A-Z])S|_usage/y,
  },
  { words: ["api", "key"], kind: "api-key", isSuffix: true, hasPlural: true },
  ...keysOf("access", "private", "signing", "account", "master", "ssh"),
  { words: ["authorization"], kind: "authorization" },
  { words: ["cookie"], kind: "cookie", hasPlural: true },
  { words: ["credential"], kind: "credential", hasPlural: true },
  { words: ["bearer"], kind: "token" },
  // Names that are also those of other things.
  {
    words: ["pass"],
    kind: "password",
    isSuffix: true,
    isLast: true,
    // As environments have them. Tests, compilers and renderers have passes of another sort.
    within:
      /^(?:SSHPASS|(?:[A-Z0-9]+_)+PASS|(?:admin|e?mail|ftp|mongo|mysql|proxy|redis|root|ssh)(?:[-_.]?pass|Pass))$/,
    notAfter: /(?:FIRST|SECOND|LAST|NEXT|TESTS?|CHECKS?|ALL|BY|MULTI|MUST|RENDER|SHADOW|DEPTH|COLOR)_$/,
    isSecret: isNoOutcome,
  },
  {
    words: ["pass"],
    kind: "password",
    isLast: true,
    within: /^pass$/i,
    isTight: true,
    isSecret: (value) => isNoOutcome(value) && isOneWord(value) && isNoPath(value),
  },
  { words: ["pwd"], kind: "password", isLast: true, isSecret: isNoPath },
  { words: ["auth"], kind: "credential", isLast: true, within: /^_auth$/ },
  { words: ["auth"], kind: "credential", isLast: true, isSecret: isUserAndPassword },
];

/** Keys that only speak about a secret: `token_type`, `password_file`, `secretName` … */
const aboutSecrets =
  /^[-_. ]?(?:types?|kinds?|counts?|ids?|names?|ur[il]s?|endpoints?|paths?|files?|dir|refs?|index|size|length|strength|same[-_. ]?site|sources?|scopes?|schemes?|limits?|budget|usage|used|cost|rate|policy|format|prefix|fields?|hint|status|valid|enabled|required|expired|present|exists|ttl|age|expir(?:y|es|ation)(?:[-_. ]?(?:at|in|date))?)$/i;

const maxNameLength = 100;

/** Keys that are no names: paths and names of files, code, and whole sentences. */
const noName =
  /[/\\\n="'`{}();,<>*]|(?: [^ ]+){4}|\.(?:[cm]?[jt]sx?|py|rs|go|md|json|jsonl|ya?ml|toml|txt|log|html|css|sh|java|rb|[ch]|cpp)$/i;

/**
 * What stands behind a key that has a value: its quote, what assigns or separates, the end of its line; behind a flag
 * also a space. Looked at because in most texts such words alone are found too often: `passed`, `src\\auth\\a.ts`.
 */
const afterKey = "\"'`],:=\r\n\t \\";
const endOfKey =
  /(?=["'`\],:=\r\n\t]|\\{1,2}[^\w\\]|\\{1,2}[nrt]|\\{3}| {1,8}[:=\t\\]|(?<=--[\w.-]{0,80}) )/y;

/** What decides whether a word ends a key is not further away. */
const reach = 100;

/** Whether a header of this kind is secret to the end of its line. */
export function isHeaderKind(kind: string): boolean {
  return kind === "authorization" || kind === "cookie";
}

/** Decides which keys name secrets. */
export class KeyWords {
  readonly #byLetters = new Map<string, KeyWord[]>();
  readonly #pattern: RegExp;
  /** One of these occurs in every text in which a key names a secret. */
  readonly literals: readonly Literal[];

  constructor(keyWords: readonly KeyWord[]) {
    for (const keyWord of keyWords) {
      const letters = keyWord.words.join("");
      this.#byLetters.set(letters, [...(this.#byLetters.get(letters) ?? []), keyWord]);
    }
    // Of words that begin alike the longest is the one that is meant.
    const sources = [...this.#byLetters]
      .sort(([one], [other]) => other.length - one.length)
      .map(([, alike]) => sourceOf(alike));
    this.#pattern = new RegExp(sources.join("|"), "gi");
    this.literals = keyWords.flatMap(literalsOf);
  }

  /** What a key says of its value, if it names a secret. */
  nameOf(key: string): SecretName | undefined {
    if (key.length > maxNameLength || noName.test(key)) return undefined;
    const pattern = this.#pattern;
    pattern.lastIndex = 0;
    for (let match = pattern.exec(key); match !== null; match = pattern.exec(key)) {
      const { index } = match;
      const keyWord = this.#keyWordsOf(match[0]).find((one) => names(one, key, index, pattern.lastIndex));
      if (keyWord !== undefined) return keyWord;
      // Words may overlap: `user_pass` in `user_password` is none.
      pattern.lastIndex = index + 1;
    }
    return undefined;
  }

  /** Where words of secrets' names stand in a text. */
  placesIn(text: string): { readonly start: number; readonly end: number }[] {
    const places: { start: number; end: number }[] = [];
    const pattern = this.#pattern;
    pattern.lastIndex = 0;
    for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
      places.push({ start: match.index, end: pattern.lastIndex });
      pattern.lastIndex = match.index + 1;
    }
    return places;
  }

  #keyWordsOf(found: string): readonly KeyWord[] {
    return this.#byLetters.get(found.toLowerCase().replaceAll(/[-_. ]/g, ""))!;
  }
}

/** A pattern of the words that several have; it skips what is not at the end of a key if that is wanted by all. */
function sourceOf(alike: readonly KeyWord[]): string {
  const spellings = new Set(alike.map(({ words }) => words.join("[-_. ]?")));
  return `(?:${[...spellings].join("|")})${alike.every(({ isLast }) => isLast) ? "(?![\\w-])" : ""}`;
}

/** What is in every text, and in every encoding of it as JSON, that has the words where a key can have them. */
function literalsOf({ words, notBefore, isLast }: KeyWord): Literal[] {
  const spellings = spellingsOf(words);
  if (isLast) {
    // A word of three letters is long enough with what is behind it.
    return words.join("").length < limits.minLiteralLength
      ? spellings.flatMap((text) => Array.from(afterKey, (next) => ({ text: text + next })))
      : spellings.map((text) => ({ text, next: afterKey, behind: endOfKey, reach }));
  }
  const behind = notBefore && new RegExp(`(?!${notBefore.source})`, "y");
  return spellings.map((text) => (behind === undefined ? { text } : { text, behind }));
}

/** The words with every separator between them. */
function spellingsOf([first = "", ...others]: readonly string[]): string[] {
  return others.reduce(
    (spellings, word) =>
      spellings.flatMap((begun) => separators.map((separator) => begun + separator + word)),
    [first],
  );
}

/** Whether the word found from `start` to `end` is a whole word of the key, and the key is about it. */
function names(keyWord: KeyWord, key: string, start: number, end: number): boolean {
  const { isSuffix, hasPlural, isLast, within, notAfter, notBefore } = keyWord;
  if (!isSuffix && !beginsWord(key, start)) return false;
  if (isLast && end < key.length) return false;
  if (within !== undefined && !within.test(key)) return false;
  if (notAfter?.test(key.slice(Math.max(0, start - 16), start))) return false;
  if (notBefore !== undefined) {
    notBefore.lastIndex = end;
    if (notBefore.test(key)) return false;
  }
  if (isNameUpTo(key, end)) return true;
  // An `s` behind the word may be its plural, or begin the next: `secrets`, `SecretString`.
  return hasPlural === true && /^s/i.test(key.slice(end, end + 1)) && isNameUpTo(key, end + 1);
}

function isNameUpTo(key: string, end: number): boolean {
  return endsWord(key, end) && !aboutSecrets.test(key.slice(end, end + 32));
}

function beginsWord(key: string, at: number): boolean {
  const before = key[at - 1] ?? "";
  return !isLetter(before) || (isLower(before) && isUpper(key[at] ?? ""));
}

function endsWord(key: string, at: number): boolean {
  const next = key[at] ?? "";
  if (!isLetter(next)) return true;
  return isUpper(next) && (isLower(key[at - 1] ?? "") || isLower(key[at + 1] ?? ""));
}

const isLower = (character: string) => character >= "a" && character <= "z";
const isUpper = (character: string) => character >= "A" && character <= "Z";
const isLetter = (character: string) => isLower(character) || isUpper(character);
