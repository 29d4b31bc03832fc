import { isLabelKey } from "./neighbours.js";

/** An object or array that a JSON text is in the middle of. */
export interface JsonLevel {
  readonly isArray: boolean;
  /** The key under which the current value stands. */
  key: string;
  /** The place of the current value in an array. */
  index: number;
  /** What a visitor noted when this level began: what holds for everything in it. */
  readonly inherited: unknown;
  /** What a visitor noted at the current key. */
  noted: unknown;
  /** In an array: the value before the current one, if that is a string, and the current one, once it was read. */
  previous: string | undefined;
  current: string | undefined;
  /** In an array, at its second value, if that is a string: whether it is the last. */
  isLast: boolean;
  /** In an object: the string value of its `name`, `key` or the like. */
  label: string | undefined;
  /** How many keys of it were replaced. */
  replacedKeys: number;
}

/** What is done with the strings of a JSON text. */
export interface JsonVisitor {
  /** A key of an object. May note something on the level; returns what to write instead, if anything. */
  key(name: string, levels: readonly JsonLevel[]): string | undefined;
  /** A string value; returns what to write instead, if anything. `levels` is empty for a lone string. */
  value(text: string, levels: readonly JsonLevel[]): string | undefined;
  /** What holds in the object or array that is the current value. */
  inherit(levels: readonly JsonLevel[]): unknown;
}

const backslash = 0x5c;

/**
 * Visits every string of a JSON text and replaces what the visitor wants replaced; all else stays character for
 * character: order, spacing, numbers of any size. Text that is no JSON, or cut off, is visited as far as it makes sense.
 * Takes linear time; nesting costs no stack.
 */
export function rewriteJsonStrings(text: string, visitor: JsonVisitor): string {
  const levels: JsonLevel[] = [];
  const next = /["{}[\],:]/g;
  let isKey = false;
  let result = "";
  let done = 0;
  for (let match = next.exec(text); match !== null; match = next.exec(text)) {
    const at = match.index;
    const level = levels.at(-1);
    switch (match[0]) {
      case '"': {
        const end = endOfString(text, at);
        const value = decode(text.slice(at + 1, end));
        const isName = isKey && level !== undefined;
        if (level?.isArray) level.isLast = level.index === 1 && endsArray(text, end + 1);
        const replacement = isName ? visitKey(visitor, value, levels) : visitor.value(value, levels);
        if (!isName && level !== undefined) remember(level, value);
        if (replacement !== undefined) {
          result += text.slice(done, at) + JSON.stringify(replacement);
          done = Math.min(end + 1, text.length);
        }
        next.lastIndex = end + 1;
        break;
      }
      case "{":
      case "[": {
        const isArray = match[0] === "[";
        levels.push({
          isArray,
          key: "",
          index: 0,
          inherited: visitor.inherit(levels),
          noted: undefined,
          previous: undefined,
          current: undefined,
          isLast: false,
          label: undefined,
          replacedKeys: 0,
        });
        isKey = !isArray;
        break;
      }
      case "}":
      case "]":
        levels.pop();
        isKey = false;
        break;
      case ",":
        isKey = level !== undefined && !level.isArray;
        if (level?.isArray) nextItem(level);
        break;
      case ":":
        isKey = false;
    }
  }
  return result + text.slice(done);
}

function visitKey(visitor: JsonVisitor, name: string, levels: readonly JsonLevel[]): string | undefined {
  const level = levels.at(-1)!;
  level.key = name;
  level.noted = undefined;
  const replacement = visitor.key(name, levels);
  if (replacement !== undefined) level.key = replacement;
  return replacement;
}

function nextItem(level: JsonLevel): void {
  level.index += 1;
  level.previous = level.current;
  level.current = undefined;
}

function remember(level: JsonLevel, value: string): void {
  if (level.isArray) level.current = value;
  else if (isLabelKey(level.key)) level.label = value;
}

/** Whether nothing comes behind a value of an array but its end, or that of a text that is cut off. */
function endsArray(text: string, at: number): boolean {
  const end = /\s*(?:\]|$)/y;
  end.lastIndex = at;
  return end.test(text);
}

/** Index of the quote that ends the string which begins at `start`; the length of the text if none does. */
function endOfString(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at !== -1; at = text.indexOf('"', at + 1)) {
    let first = at;
    while (text.charCodeAt(first - 1) === backslash) first -= 1;
    if ((at - first) % 2 === 0) return at;
  }
  return text.length;
}

/** What a JSON string says; text that is no JSON string says itself. */
function decode(inside: string): string {
  if (!inside.includes("\\")) return inside;
  try {
    return JSON.parse(`"${inside}"`) as string;
  } catch {
    return inside; // cut off, or written by something that does not know JSON
  }
}
