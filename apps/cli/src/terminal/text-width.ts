/** By far the most frequent case, and the fastest to tell. */
const ascii = /^[\x20-\x7e]*$/;
/** Characters that every terminal draws one column wide: no need to load the tables of `string-width` for them. */
const oneColumnEach =
  /^[\x20-\x7e\u00a1-\u00ac\u00ae-\u02ff\u0370-\u0482\u048a-\u052f\u2010-\u2027\u2500-\u259f\u25b2\u2022\u2716\u2713]*$/;

type Measure = (text: string) => number;

let measure: Measure | undefined;

/** Whether a text has as many columns as characters. */
export function isPlain(text: string): boolean {
  return ascii.test(text) || oneColumnEach.test(text);
}

/** Loads the width tables if one of `texts` needs them. To be awaited before {@link textWidth} is asked about them. */
export async function prepareWidth(texts: Iterable<string>): Promise<void> {
  if (measure !== undefined) return;
  for (const text of texts) {
    if (isPlain(text)) continue;
    measure = (await import("string-width")).default;
    return;
  }
}

/** Columns that `text` (without escape sequences) takes on a terminal. */
export function textWidth(text: string): number {
  return isPlain(text) || measure === undefined ? text.length : measure(text);
}

/** `text` padded with spaces on the right to `columns`; longer text stays as it is. */
export function padEnd(text: string, columns: number): string {
  const missing = columns - textWidth(text);
  return missing > 0 ? text + " ".repeat(missing) : text;
}

/** `text` padded with spaces on the left to `columns`. */
export function padStart(text: string, columns: number): string {
  const missing = columns - textWidth(text);
  return missing > 0 ? " ".repeat(missing) + text : text;
}

/** `text` cut to at most `columns`, with `ellipsis` where something was cut off. */
export function cutTo(text: string, columns: number, ellipsis = "…"): string {
  if (textWidth(text) <= columns) return text;
  const room = columns - textWidth(ellipsis);
  if (room <= 0) return ellipsis.slice(0, Math.max(columns, 0));
  let kept = "";
  let used = 0;
  for (const character of text) {
    const width = textWidth(character);
    if (used + width > room) break;
    kept += character;
    used += width;
  }
  return kept + ellipsis;
}
