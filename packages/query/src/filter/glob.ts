/** Whether `text` holds a character that a glob gives a meaning. */
export function isGlob(text: string): boolean {
  return /[*?[]/.test(text);
}

/** What one character of a text must be: the one of this code point, any at all, or one that a set takes. */
type Single = number | "any" | CharacterSet;

interface CharacterSet {
  readonly isNegated: boolean;
  /** First and last code point of each range. */
  readonly ranges: readonly (readonly [number, number])[];
}

const star = "star";
const hyphen = 0x2d;

/** Code points above it are two units of a string. */
const lastOfOneUnit = 0xffff;

/**
 * A test for a glob over a whole name: `*` any run of characters, `?` one, `[abc]`, `[a-z]` and `[!abc]` one of (or none
 * of) a set. An unclosed `[` stands for itself, and a range that runs backwards holds nothing. Characters are code points.
 *
 * Names come from files that anybody may have written. The test therefore takes no more steps than there are characters
 * in the name, times those of the glob between two stars.
 */
export function globTest(glob: string): (text: string) => boolean {
  const parts = parseGlob(glob);
  return (text) => {
    let at = 0;
    let part = 0;
    // Only the last star can be at fault: what stands before it has been found as far to the left as it can be.
    let lastStar = -1;
    let starEnd = 0;
    while (at < text.length) {
      const wanted = parts[part];
      if (wanted === star) {
        lastStar = part++;
        starEnd = at;
        continue;
      }
      const character = text.codePointAt(at)!;
      if (wanted !== undefined && takes(wanted, character)) {
        at += character > lastOfOneUnit ? 2 : 1;
        part++;
      } else if (lastStar >= 0) {
        starEnd += text.codePointAt(starEnd)! > lastOfOneUnit ? 2 : 1;
        at = starEnd;
        part = lastStar + 1;
      } else {
        return false;
      }
    }
    while (parts[part] === star) part++;
    return part === parts.length;
  };
}

function takes(wanted: Single, character: number): boolean {
  if (typeof wanted === "number") return wanted === character;
  if (wanted === "any") return true;
  return wanted.ranges.some(([first, last]) => first <= character && character <= last) !== wanted.isNegated;
}

function parseGlob(glob: string): (Single | typeof star)[] {
  const parts: (Single | typeof star)[] = [];
  const lastClose = glob.lastIndexOf("]");
  for (let at = 0; at < glob.length; at++) {
    const character = glob[at];
    const close = character === "[" && at < lastClose ? endOfSet(glob, at) : -1;
    if (close >= 0) {
      parts.push(parseSet(glob.slice(at + 1, close)));
      at = close;
    } else if (character === "*") {
      if (parts.at(-1) !== star) parts.push(star);
    } else if (character === "?") {
      parts.push("any");
    } else {
      const literal = glob.codePointAt(at)!;
      parts.push(literal);
      if (literal > lastOfOneUnit) at++;
    }
  }
  return parts;
}

/** Where the set that begins at `open` is closed, or -1: a `]` right at its beginning is one of its characters. */
function endOfSet(glob: string, open: number): number {
  const first = glob[open + 1] === "!" ? open + 2 : open + 1;
  return glob.indexOf("]", glob[first] === "]" ? first + 1 : first);
}

function parseSet(body: string): CharacterSet {
  const isNegated = body.startsWith("!");
  const characters = Array.from(isNegated ? body.slice(1) : body, (character) => character.codePointAt(0)!);
  const ranges: [number, number][] = [];
  for (let at = 0; at < characters.length; at++) {
    const first = characters[at]!;
    const isRange = characters[at + 1] === hyphen && at + 2 < characters.length;
    ranges.push([first, isRange ? characters[at + 2]! : first]);
    if (isRange) at += 2;
  }
  return { isNegated, ranges };
}
