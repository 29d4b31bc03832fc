import { optionTable } from "../arguments/option-table.js";

const group = "Output";

/** The formats of every report. */
export const reportFormats = ["human", "json", "ndjson", "yaml", "table", "csv"] as const;
export type ReportFormat = (typeof reportFormats)[number];

export const outputFormatOption = optionTable({
  "output-format": {
    kind: "text",
    value: "FORMAT",
    group,
    summary: `${reportFormats.join(", ")} [default: human]`,
    choices: reportFormats,
  },
});

/** How times are shown. */
export const timeOptions = optionTable({
  utc: { kind: "flag", group: "Time", summary: "times in UTC" },
  "time-format": {
    kind: "text",
    value: "FORM",
    group: "Time",
    summary: "relative, iso, or raw (as it stands in the record)",
    choices: ["relative", "iso", "raw"],
  },
});

/** Options of every command. */
export const globalOptions = optionTable({
  color: {
    kind: "text",
    value: "WHEN",
    group,
    summary: "auto, always or never",
    choices: ["auto", "always", "never"],
    alias: "colour",
  },
  "no-color": { kind: "flag", group, summary: "the same as --color never", isHidden: true },
  ascii: { kind: "flag", group, summary: "draw with ASCII characters only" },
  debug: { kind: "flag", group: "General", summary: "show the stack of an error" },
  help: { kind: "flag", group: "General", summary: "show this help", short: "h" },
  version: { kind: "flag", group: "General", summary: "show the version", short: "V" },
});
