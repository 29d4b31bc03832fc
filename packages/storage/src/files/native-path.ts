/*
 * File names are bytes, and need not be UTF-8. A byte of a name that is not stands in its text as a lone surrogate,
 * U+DC80 to U+DCFF for 0x80 to 0xFF, as in Python (PEP 383): no two names have the same text, and each text leads back to its name.
 */
const firstEscape = 0xdc00;
const escapes = /[\udc80-\udcff]/u;
const allEscapes = /[\udc80-\udcff]|[^\udc80-\udcff]+/gu;

/** Stands in the runtime's text of a name for what is not UTF-8, and may be part of a name itself. */
const replacement = "\ufffd";
const longestCharacterBytes = 4;

/** A path as the system takes it. */
export function nativePath(path: string): string | Buffer {
  if (!escapes.test(path)) return path;
  const pieces = path.match(allEscapes) ?? [];
  return Buffer.concat(
    pieces.map((piece) =>
      escapes.test(piece) ? Buffer.of(piece.charCodeAt(0) - firstEscape) : Buffer.from(piece),
    ),
  );
}

/** Whether a text that the runtime made of a path may have lost bytes of it: then it is to be asked for the bytes. */
export function mayHaveLost(text: string): boolean {
  return text.includes(replacement);
}

/** The text of a path of these bytes. */
export function pathOfBytes(bytes: Buffer): string {
  let path = "";
  for (let at = 0; at < bytes.length; ) {
    const character = characterAt(bytes, at);
    path += character ?? String.fromCharCode(firstEscape + bytes[at]!);
    at += character === undefined ? 1 : Buffer.byteLength(character);
  }
  return path;
}

function characterAt(bytes: Buffer, at: number): string | undefined {
  for (let length = 1; length <= longestCharacterBytes; length += 1) {
    const piece = bytes.subarray(at, at + length);
    const character = piece.toString("utf8");
    if (Buffer.from(character).equals(piece)) return character;
  }
  return undefined;
}
