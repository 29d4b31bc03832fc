/*
 * Characters that can move the cursor, hide text or reorder it: C0, DEL, C1, Arabic letter mark, zero-width and
 * directional marks, line and paragraph separators, bidirectional embeddings and isolates, word joiner and
 * other invisible operators, byte order mark, interlinear annotations, tags, and lone surrogates.
 */
const unsafe =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
  /[\x00-\x1f\x7f-\x9f\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}\ud800-\udfff]/u;
/** Nearly every text is of this kind, and it is told at a fraction of the cost. */
const printableAscii = /^[\x20-\x7e]*$/;
const unsafeAll = new RegExp(unsafe.source, "gu");

const shortEscapes: Readonly<Record<string, string>> = { "\n": "\\n", "\t": "\\t", "\r": "\\r" };

/**
 * `text` made safe to print: every character that a terminal would act on, or that a reader could not see,
 * stands as `\n`, `\t`, `\r` or `\u{..}`. One line in, one line out.
 */
export function visible(text: string): string {
  if (printableAscii.test(text) || !unsafe.test(text)) return text;
  return text.replace(
    unsafeAll,
    (character) => shortEscapes[character] ?? `\\u{${character.codePointAt(0)!.toString(16)}}`,
  );
}

/**
 * JSON text with the same characters written as `\uXXXX`: the same value to any parser, and safe to look at.
 * White space between the tokens stays.
 */
export function visibleJson(json: string): string {
  return escapeQuoted(json, (character) => {
    let escaped = "";
    for (let index = 0; index < character.length; index++)
      escaped += `\\u${hex(character.charCodeAt(index), 4)}`;
    return escaped;
  });
}

/** The same for YAML all of whose texts stand in double quotes. */
export function visibleYaml(yaml: string): string {
  return escapeQuoted(yaml, (character) => {
    const code = character.codePointAt(0)!;
    return code > 0xffff ? `\\U${hex(code, 8)}` : `\\u${hex(code, 4)}`;
  });
}

/** Whether `visible()` would change the text, line feeds aside. */
export function isUnsafe(text: string): boolean {
  return unsafe.test(text.replaceAll("\n", ""));
}

function escapeQuoted(text: string, escapeOne: (character: string) => string): string {
  if (printableAscii.test(text) || !unsafe.test(text)) return text;
  return text.replace(unsafeAll, (character) => {
    if (character === "\n" || character === "\t") return character;
    return character === "\r" ? " " : escapeOne(character);
  });
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, "0");
}

/** `text` in ASCII only: separators are replaced by their nearest sign, everything else is escaped. */
export function asciiOnly(text: string): string {
  return text.replace(/[\u0080-\u{10ffff}]/gu, (character) => {
    if (character === "·") return "-";
    if (character === "…") return "...";
    return `\\u{${character.codePointAt(0)!.toString(16)}}`;
  });
}
