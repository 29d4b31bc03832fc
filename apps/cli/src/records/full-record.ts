import { layOutJson, paintJson } from "../output/json-text.js";
import type { Terminal } from "../terminal/terminal.js";
import { visibleJson } from "../terminal/visible.js";
import type { RecordFormat } from "./record-format.js";
import { recordJson } from "./record-json.js";

/** Each record in full, as JSON laid out over several lines. */
export function createFullRecord(terminal: Terminal): RecordFormat {
  return {
    begin: () => "",
    batch: (matches) => matches.map((match) => `${fullRecord(recordJson(match), terminal)}\n`).join(""),
    end: () => "",
  };
}

/** One record's JSON laid out, coloured and safe to print. */
export function fullRecord(json: string, terminal: Terminal): string {
  return paintJson(visibleJson(layOutJson(json)), terminal);
}
