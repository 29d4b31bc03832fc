import { paintJson } from "../output/json-text.js";
import type { Terminal } from "../terminal/terminal.js";
import { visibleJson } from "../terminal/visible.js";
import type { Report } from "./report.js";

/** The whole answer as JSON, laid out. */
export function reportJson({ document }: Pick<Report, "document">, terminal: Terminal): string {
  return `${paintJson(visibleJson(JSON.stringify(document, null, 2)), terminal)}\n`;
}

/** The rows, one JSON object per line. */
export function reportJsonLines({ rows }: Pick<Report, "rows">): string {
  return rows.map((row) => `${visibleJson(JSON.stringify(row))}\n`).join("");
}
