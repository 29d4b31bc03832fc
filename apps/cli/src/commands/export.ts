import { optionTable } from "../arguments/option-table.js";
import { UsageError } from "../errors/usage-error.js";
import { filterOptions, selectionOptions, strictOption } from "../options/filter-options.js";
import { timeOptions } from "../options/output-options.js";
import { formatSize } from "../options/size.js";
import { effortOptions, sourceOptions } from "../options/source-options.js";
import { plural } from "../output/count-text.js";
import type { TextSink } from "../output/standard-output.js";
import { WholeFile } from "../output/whole-file.js";
import { defineCommand, type Invocation } from "../program/command.js";
import { reportDamage } from "../reading/damage-report.js";
import { explainReading } from "../reading/explain.js";
import { UnknownTypes, warnUnknownColumns } from "../reading/name-warnings.js";
import { explainEmptyAnswer } from "../reading/nothing-matched.js";
import { openSource } from "../reading/open-source.js";
import { timeFormatOf } from "../reading/output-choices.js";
import { filterOf, limitOf } from "../reading/query-input.js";
import { showReadingProgress } from "../reading/show-progress.js";
import { writeRecords } from "../reading/write-records.js";
import { fieldColumn } from "../records/field-column.js";
import { createRecordFormat } from "../records/record-format.js";

const formats = ["json", "ndjson", "csv", "tsv", "yaml"] as const;
type ExportFormat = (typeof formats)[number];

const group = "Export";

const options = optionTable({
  format: {
    kind: "text",
    value: "FORMAT",
    alias: "output-format",
    group,
    summary: `${formats.join(", ")} [default: by the name of --output, else ndjson]`,
    choices: formats,
  },
  output: {
    kind: "text",
    value: "FILE",
    group,
    summary: "write FILE, whole or not at all, instead of standard output",
  },
  mode: { kind: "text", value: "OCTAL", group, summary: "permissions of FILE [default: 600]" },
  fields: { kind: "list", value: "FIELD", group, summary: "only these fields of each record" },
  "raw-csv": {
    kind: "flag",
    group,
    summary: "leave csv and tsv cells that a spreadsheet takes for formulas as they are",
  },
  ...sourceOptions,
  ...effortOptions,
  ...filterOptions,
  ...selectionOptions,
  ...strictOption,
  utc: timeOptions.utc,
});

type ExportValues = Invocation<typeof options>["values"];

export const exportRecords = defineCommand({
  usage: "[options]",
  description:
    "Writes records in time order for other programs. It streams, so the amount does not matter. ndjson is the lines " +
    "as they are stored, byte for byte; the other formats have normalised types and durations.",
  options,
  maxPositionals: 0,
  examples: [
    { line: "export --job-id JOB --output job.ndjson", does: "the lines of a job" },
    { line: "export --format csv --output events.csv --since 7d", does: "for a spreadsheet" },
    { line: "export --format json --event-type agent_failed | jq length", does: "for a pipe" },
  ],
  async run({ values, context }) {
    const { messages, out } = context;
    const columns = values.fields.map(fieldColumn);
    const path = values.output === "-" ? undefined : values.output;
    const format = createRecordFormat(formatOf(values), {
      terminal:
        path === undefined ? context.terminal : { ...context.terminal, isTerminal: false, hasColour: false },
      time: timeFormatOf({ ...values, "time-format": "raw" }, context),
      columns,
      isRawCsv: values["raw-csv"],
    });
    const mode = modeOf(values);
    const store = await openSource(values, context);
    const stream = store.query({
      ...filterOf(values),
      limit: limitOf(values) ?? 0,
      order: values.order === "oldest" ? "oldest" : "newest",
      strict: values.strict,
    });
    const unknownTypes = new UnknownTypes(values["event-type"]);
    const writeTo = (sink: TextSink) =>
      writeRecords(stream.batches(), format, sink, (batch) => unknownTypes.observe(batch));
    const progress = showReadingProgress(stream, store, values, context);
    try {
      const records = path === undefined ? await writeTo(out) : await writeFile(path, mode, writeTo, context);
      progress.stop();
      explainReading(stream.report, values, messages);
      const exitCode = reportDamage(stream.report, messages);
      unknownTypes.report(stream.report.excludedTypes, messages);
      warnUnknownColumns(columns, records, messages);
      if (records === 0) {
        await explainEmptyAnswer(stream.report, { values, store }, messages);
      }
      return exitCode;
    } finally {
      progress.stop();
    }
  },
});

async function writeFile(
  path: string,
  mode: number,
  writeTo: (sink: TextSink) => Promise<number>,
  { cwd, interruption, messages }: Invocation<typeof options>["context"],
): Promise<number> {
  const file = await WholeFile.create(path, cwd, mode, interruption);
  try {
    const records = await writeTo(file);
    await file.commit();
    messages.note(`wrote ${plural(records, "record")} to ${path} (${formatSize(file.bytes)})`);
    return records;
  } finally {
    await file.abandon();
  }
}

function formatOf({ format, output }: ExportValues): ExportFormat {
  if (format !== undefined) return format as ExportFormat;
  const [, extension = ""] = /\.([a-z]+)$/i.exec(output ?? "") ?? [];
  const byExtension: Readonly<Record<string, ExportFormat>> = { jsonl: "ndjson", yml: "yaml" };
  const lowered = extension.toLowerCase();
  return byExtension[lowered] ?? formats.find((name) => name === lowered) ?? "ndjson";
}

function modeOf({ mode, output }: ExportValues): number {
  if (mode === undefined) return 0o600;
  if (output === undefined) throw new UsageError("--mode is about the file of --output; name one");
  if (!/^0?[0-7]{3}$/.test(mode)) {
    throw new UsageError(`--mode wants three octal digits, such as 644, got ${JSON.stringify(mode)}`);
  }
  return Number.parseInt(mode, 8);
}
