import { guardFormula } from "./csv-text.js";

const escapes: Readonly<Record<string, string>> = { "\t": "\\t", "\n": "\\n", "\r": "\\r", "\\": "\\\\" };

/**
 * One line of tab-separated values. Tab, line feed, carriage return and backslash stand as `\t`, `\n`, `\r` and
 * `\\`; objects are compact JSON. Formulas are guarded as in CSV.
 */
export function tsvLine(values: readonly unknown[], isRaw = false): string {
  return `${values.map((value) => tsvCell(value, isRaw)).join("\t")}\n`;
}

function tsvCell(value: unknown, isRaw: boolean): string {
  if (value === undefined || value === null) return "";
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return guardFormula(text, isRaw).replace(/[\t\n\r\\]/g, (character) => escapes[character] ?? character);
}
