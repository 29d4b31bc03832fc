import type { Literal } from "./literal-scan.js";

/** A word, or several, that make a key the name of a secret. */
export interface KeyWord {
  /** Lower case; between them `-`, `_`, `.`, a space or nothing. */
  readonly words: readonly string[];
  readonly kind: string;
  /** Counts at the end of a longer word too: `dbpassword`. */
  readonly isSuffix?: boolean;
  /** A trailing `s` may follow. */
  readonly hasPlural?: boolean;
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
];

/** Keys that only speak about a secret: `token_type`, `password_file`, `secretName` … */
const aboutSecrets =
  /^[-_. ]?(?:types?|kinds?|counts?|ids?|names?|ur[il]s?|endpoints?|paths?|files?|dir|refs?|index|size|length|limits?|budget|usage|used|cost|rate|policy|format|prefix|fields?|hint|status|valid|enabled|required|expired|present|exists|ttl|age|expir(?:y|es|ation)(?:[-_. ]?(?:at|in|date))?)$/i;

const maxNameLength = 100;

/** Keys that are no names: paths and names of files, code, and whole sentences. */
const noName =
  /[/\\\n="'`{}();,<>*]|(?: [^ ]+){4}|\.(?:[cm]?[jt]sx?|py|rs|go|md|json|jsonl|ya?ml|toml|txt|log|html|css|sh|java|rb|[ch]|cpp)$/i;

/** Whether a header of this kind is secret to the end of its line. */
export function isHeaderKind(kind: string): boolean {
  return kind === "authorization" || kind === "cookie";
}

/** Decides which keys name secrets. */
export class KeyWords {
  readonly #byLetters = new Map<string, KeyWord>();
  readonly #pattern: RegExp;
  /** One of these occurs in every key that names a secret. */
  readonly literals: readonly Literal[];

  constructor(keyWords: readonly KeyWord[]) {
    for (const keyWord of keyWords) {
      const letters = keyWord.words.join("");
      this.#byLetters.set(letters, keyWord);
      if (keyWord.hasPlural) this.#byLetters.set(`${letters}s`, keyWord);
    }
    const sources = keyWords.map(
      ({ words, hasPlural }) => `${words.join("[-_. ]?")}${hasPlural ? "s?" : ""}`,
    );
    this.#pattern = new RegExp(sources.join("|"), "gi");
    this.literals = keyWords.flatMap(({ words, notBefore }) => {
      const behind = notBefore && new RegExp(`(?!${notBefore.source})`, "y");
      return spellingsOf(words).map((text) => (behind === undefined ? { text } : { text, behind }));
    });
  }

  /** The kind of secret that a key names, if it does. */
  kindOf(key: string): string | undefined {
    if (key.length > maxNameLength || noName.test(key)) return undefined;
    const pattern = this.#pattern;
    pattern.lastIndex = 0;
    for (let match = pattern.exec(key); match !== null; match = pattern.exec(key)) {
      const keyWord = this.#keyWordOf(match[0]);
      if (names(keyWord, key, match.index, pattern.lastIndex)) return keyWord.kind;
      // Words may overlap: `user_pass` in `user_password` is none.
      pattern.lastIndex = match.index + 1;
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

  #keyWordOf(found: string): KeyWord {
    return this.#byLetters.get(found.toLowerCase().replaceAll(/[-_. ]/g, ""))!;
  }
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
  const { isSuffix, notAfter, notBefore } = keyWord;
  if (!isSuffix && !beginsWord(key, start)) return false;
  if (!endsWord(key, end)) return false;
  if (notAfter?.test(key.slice(Math.max(0, start - 16), start))) return false;
  if (notBefore !== undefined) {
    notBefore.lastIndex = end;
    if (notBefore.test(key)) return false;
  }
  const rest = key.slice(end, end + 32);
  return !aboutSecrets.test(rest);
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
