import type { Terminal } from "../terminal/terminal.js";

/** Where cells of CSV and TSV are written to, and how. */
export interface CellOptions {
  /** What a terminal would obey is escaped when it is one; elsewhere every character stays. */
  readonly terminal: Pick<Terminal, "isTerminal" | "safe">;
  /** Leave a text as it is that a spreadsheet would take for a formula. */
  readonly isRaw?: boolean;
}

/** Characters that make a spreadsheet read a cell as a formula, full-width forms included. */
const formulaStart = /^[=+\-@\t\r\n\0\uff1d\uff0b\uff0d\uff20]/;

/**
 * One line of CSV by RFC 4180, with its CRLF. Texts are quoted; numbers, booleans and missing values are not;
 * objects are compact JSON. A text that would start a formula gets a `'` before it, unless `isRaw`.
 */
export function csvLine(values: readonly unknown[], options: CellOptions): string {
  return `${values.map((value) => csvCell(value, options)).join(",")}\r\n`;
}

function csvCell(value: unknown, { terminal, isRaw = false }: CellOptions): string {
  if (value === undefined || value === null) return "";
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const guarded = guardFormula(text, isRaw);
  const shown = terminal.isTerminal ? terminal.safe(guarded) : guarded;
  return shown.includes('"') ? `"${shown.replaceAll('"', '""')}"` : `"${shown}"`;
}

/** The line of titles: plain names stand without quotes, so that `head -1` reads well. */
export function csvTitles(names: readonly string[], options: CellOptions): string {
  return `${names.map((name) => (/^[a-z][\w.]*$/i.test(name) ? name : csvCell(name, options))).join(",")}\r\n`;
}

/** `text`, or `'` and `text` where a spreadsheet would calculate it. */
export function guardFormula(text: string, isRaw: boolean): string {
  return !isRaw && formulaStart.test(text) ? `'${text}` : text;
}
