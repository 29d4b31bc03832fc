import { type CellOptions, guardFormula } from "./csv-text.js";

const escapes: Readonly<Record<string, string>> = { "\t": "\\t", "\n": "\\n", "\r": "\\r", "\\": "\\\\" };

/**
 * One line of tab-separated values. Tab, line feed, carriage return and backslash stand as `\t`, `\n`, `\r` and
 * `\\`; objects are compact JSON. Formulas are guarded, and a terminal is spared, as in CSV.
 */
export function tsvLine(values: readonly unknown[], options: CellOptions): string {
  return `${values.map((value) => tsvCell(value, options)).join("\t")}\n`;
}

function tsvCell(value: unknown, { terminal, isRaw = false }: CellOptions): string {
  if (value === undefined || value === null) return "";
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const cell = guardFormula(text, isRaw).replace(
    /[\t\n\r\\]/g,
    (character) => escapes[character] ?? character,
  );
  return terminal.isTerminal ? terminal.safe(cell) : cell;
}
