import { isHeaderKind, isSecretValue, type KeyWords, type SecretName } from "./key-words.js";
import { markStart, type SecretSpan } from "./secret-span.js";

/** Keys in texts are not longer, nor is what stands between a key and its value. */
const maxKeyPart = 64;
const maxGap = 8;
/** What is longer is no code, and what is shorter behind `: ` no secret. */
const maxCodeLength = 100;
const minLooseLength = 6;

/**
 * Values that a text assigns to keys with a secret's name: `FOO_TOKEN=…`, `--password …`, `"api_key": "…"` in JSON that
 * is not whole, `Cookie: …`.
 *
 * A quoted value, and one behind a tight `=` or a flag, is taken whatever it is; one behind `: ` or ` = ` only if it looks
 * like a secret (a digit in it, and no code), because prose and code are full of `token: string`. References such as
 * `$TOKEN` stay. Takes linear time: around every word a bounded piece of text is looked at, and values do not overlap.
 */
export function findAssignments(text: string, keyWords: KeyWords, found: (span: SecretSpan) => void): void {
  let done = 0;
  let doubtful = 0;
  for (const place of keyWords.placesIn(text)) {
    if (place.start < done) continue;
    const start = keyStart(text, place.start, done);
    const end = matchAt(/[\w-]{0,64}/y, text, place.end);
    const key = text.slice(start, end);
    const name = keyWords.nameOf(key.replace(/^[-.]+/, ""));
    if (name === undefined || text.endsWith(markStart, start)) continue;
    // A long value that is no secret is not looked through again for every such name in it.
    if (name.isSecret !== undefined && place.start < doubtful) continue;
    const value = valueBehind(text, key, end, name) ?? labelledValue(text, start, end);
    if (value === undefined) continue;
    if (!isSecretValue(name, text.slice(value.start, value.end))) {
      if (value.end - value.start > maxCodeLength) doubtful = value.end;
      continue;
    }
    found({ ...value, kind: name.kind });
    done = value.end;
  }
}

function keyStart(text: string, from: number, limit: number): number {
  let start = from;
  const least = Math.max(limit, from - maxKeyPart);
  while (start > least && /[\w.-]/.test(text[start - 1]!)) start -= 1;
  return start;
}

interface Value {
  readonly start: number;
  readonly end: number;
}

function valueBehind(text: string, key: string, keyEnd: number, name: SecretName): Value | undefined {
  // A quote that ends the key, and what ends an index: env["TOKEN"].
  const at = matchAt(/\\{0,64}["'`]?\]?/y, text, keyEnd);
  const gap = matchOf(gapPattern, text, at);
  if (gap === undefined || gap === "") return undefined;
  const start = at + gap.length;
  const isFlag = key.startsWith("--") && /^[ \t]+$/.test(gap);
  if (!isFlag && !/[=:]/.test(gap)) return undefined;
  if (matchOf(markOrReference, text, start) !== undefined) return undefined;
  const quoted = quotedValue(text, start);
  if (quoted !== undefined) return isReference(text.slice(quoted.start, quoted.end)) ? undefined : quoted;
  if (isFlag && text[start] === "-") return undefined;
  if (isHeaderKind(name.kind)) return plainValue(text, start, /[^\r\n"'`\\]*/y);
  if (!isFlag && gap !== "=") return name.isTight ? undefined : looseValue(text, start, name.kind);
  const isEnvironment = !isFlag && key === key.toUpperCase();
  return isEnvironment ? plainValue(text, start, /[^\s"'`\\]*/y) : tightValue(text, start);
}

const markOrReference = /\[REDACTED:|\$\{[^{}]{0,100}\}|\$\(|\{\{/y;

const gapPattern = new RegExp(`[ \\t]{0,${maxGap}}(?::=|=>|={1,3}|:)?[ \\t]{0,${maxGap}}`, "y");

const label = /(?:^|[^A-Za-z])(?:env|key|name|var)["'`]?[ \t]{0,8}[:=][ \t]{0,8}\\{0,64}["'`]?$/i;
const labelledGap =
  /(?:\\{0,64}["'`],?|,|(?=\r?\n))[ \t]{0,8}(?:\r?\n[ \t]{0,64})?\\{0,64}["'`]?val(?:ue)?\\{0,64}["'`]?[ \t]{0,8}[:=][ \t]{0,8}/iy;

/** The value beside a name that stands for itself: `- name: FOO_TOKEN` and `value: …` in the next line. */
function labelledValue(text: string, keyStart: number, keyEnd: number): Value | undefined {
  if (!label.test(text.slice(Math.max(0, keyStart - 2 * maxKeyPart), keyStart))) return undefined;
  const start = matchAt(labelledGap, text, keyEnd);
  if (start === keyEnd || matchOf(markOrReference, text, start) !== undefined) return undefined;
  const quoted = quotedValue(text, start);
  if (quoted === undefined) return plainValue(text, start, /[^\r\n"'`\\,;(){}]*/y);
  return isReference(text.slice(quoted.start, quoted.end)) ? undefined : quoted;
}

/**
 * The inside of a quoted value. The quote may be escaped, even several times over, in JSON that stands in JSON; the one
 * that ends it is escaped as often. Without one, the value goes to the end of its line. Before it there may be the `$`
 * of `$'…'` in shells.
 */
function quotedValue(text: string, start: number): Value | undefined {
  const opening = matchOf(/\$?\\{0,64}["'`]/y, text, start);
  if (opening === undefined) return undefined;
  const quote = opening.at(-1)!;
  const escapes = opening.length - (opening.startsWith("$") ? 2 : 1);
  const inside = start + opening.length;
  const period = 2 * (escapes + 1);
  for (let at = text.indexOf(quote, inside); at !== -1; at = text.indexOf(quote, at + 1)) {
    let backslashes = 0;
    while (at - backslashes > inside && text[at - backslashes - 1] === "\\") backslashes += 1;
    if (backslashes % period === escapes) return { start: inside, end: at - escapes };
  }
  return { start: inside, end: matchAt(/[^\r\n]*/y, text, inside) };
}

/**
 * Behind `=` in code, a command or a query: up to what ends a value there. A comma, semicolon or ampersand ends it only
 * where another assignment or nothing follows.
 */
function tightValue(text: string, start: number): Value | undefined {
  let end = matchAt(tightRun, text, start);
  while (matchOf(/[&;,](?![&;,\s"'`\\()<>|{}[\]]|$|[\w.-]{1,64}=)/y, text, end) !== undefined) {
    end = matchAt(tightRun, text, end + 1);
  }
  const value = text.slice(start, end);
  return isCode(value, text, end) || isReference(value) ? undefined : { start, end };
}

const tightRun = /[^\s"'`\\()<>|{}[\]&;,]*/y;

/** Behind `: ` or ` = `: only what looks like a secret. */
function looseValue(text: string, start: number, kind: string): Value | undefined {
  const beginning = matchOf(/[^\s"'`\\,;()<>|{}[\]]{0,200}/y, text, start) ?? "";
  const isLikely = /\d/.test(beginning) && (kind === "password" || /[A-Za-z]/.test(beginning));
  if (beginning.length < minLooseLength || !isLikely) return undefined;
  const runEnd = matchAt(/[^\s"'`\\,;()<>|{}[\]]*/y, text, start);
  const value = text.slice(start, runEnd).replace(/[.:!?]{1,8}$/, "");
  if (isCode(value, text, runEnd) || isReference(value)) return undefined;
  return { start, end: start + value.length };
}

function plainValue(text: string, start: number, pattern: RegExp): Value | undefined {
  const end = matchAt(pattern, text, start);
  const value = text.slice(start, end);
  return value.trim() === "" || isReference(value)
    ? undefined
    : { start, end: start + value.trimEnd().length };
}

/** Whether a value is code: a call, or a member such as `config.db.password`, whose names have no digits. */
function isCode(value: string, text: string, end: number): boolean {
  return (
    value.length <= maxCodeLength && (text[end] === "(" || /^[A-Za-z_$]+(?:\.[A-Za-z_$]+)+$/.test(value))
  );
}

/** What stands for a value, or is none: `$TOKEN`, `${TOKEN}`, `<token>`, `{{ token }}`, `***`, `null`, a small number. */
function isReference(value: string): boolean {
  return (
    value === "" ||
    (value.length <= 100 &&
      /^(?:\$\{?\w+\}?|\$\(.*\)|<[^<>]*>|\{\{[^{}]*\}\}|%\w|\*+|x+|\.{3}|…|true|false|null|none|undefined|nil|\d{1,3})$/i.test(
        value,
      ))
  );
}

/** Where the match of a sticky pattern at `at` ends; `at` when there is none. */
function matchAt(pattern: RegExp, text: string, at: number): number {
  return at + (matchOf(pattern, text, at) ?? "").length;
}

function matchOf(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}
