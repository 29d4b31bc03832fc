const openers = ["{", "["];

/**
 * Whether JSON text is nested deeper than `maxDepth`, without parsing it.
 *
 * Two cheap tests settle nearly every line: each level takes an opening and a closing character, and text with
 * few openers cannot be deep. Only text that passes both is scanned exactly, brackets inside strings left out.
 */
export function isDeeperThan(text: string, maxDepth: number): boolean {
  return text.length > 2 * maxDepth && hasMoreOpenersThan(text, maxDepth) && depthExceeds(text, maxDepth);
}

function hasMoreOpenersThan(text: string, limit: number): boolean {
  let count = 0;
  for (const opener of openers) {
    for (let at = text.indexOf(opener); at !== -1; at = text.indexOf(opener, at + 1)) {
      if (++count > limit) return true;
    }
  }
  return false;
}

function depthExceeds(text: string, maxDepth: number): boolean {
  let depth = 0;
  for (let index = 0; index < text.length; index++) {
    const charCode = text.charCodeAt(index);
    if (charCode === code.quote) {
      index = endOfString(text, index);
    } else if (charCode === code.openBrace || charCode === code.openBracket) {
      if (++depth > maxDepth) return true;
    } else if (charCode === code.closeBrace || charCode === code.closeBracket) {
      depth--;
    }
  }
  return false;
}

/** Index of the quote that ends the string which begins at `start`; that of the last character if none does. */
function endOfString(text: string, start: number): number {
  for (let index = start + 1; index < text.length; index++) {
    const charCode = text.charCodeAt(index);
    if (charCode === code.quote) return index;
    if (charCode === code.backslash) index++;
  }
  return text.length - 1;
}

const code = {
  quote: 0x22,
  openBracket: 0x5b,
  backslash: 0x5c,
  closeBracket: 0x5d,
  openBrace: 0x7b,
  closeBrace: 0x7d,
} as const;
