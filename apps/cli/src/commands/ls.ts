import type { RecordStream, Store } from "@prodigy-events/query";
import { optionTable } from "../arguments/option-table.js";
import { exitCodes } from "../errors/exit-codes.js";
import { limits } from "../limits.js";
import { filterOptions, selectionOptions, strictOption } from "../options/filter-options.js";
import { outputFormatOption, timeOptions } from "../options/output-options.js";
import { effortOptions, sourceOptions } from "../options/source-options.js";
import { formatCount } from "../output/count-text.js";
import { defineCommand, type Invocation } from "../program/command.js";
import { reportDamage } from "../reading/damage-report.js";
import { explainReading } from "../reading/explain.js";
import { UnknownTypes, warnUnknownColumns } from "../reading/name-warnings.js";
import { explainEmptyAnswer } from "../reading/nothing-matched.js";
import { openSource } from "../reading/open-source.js";
import { outputFormatOf, timeFormatOf } from "../reading/output-choices.js";
import { filterOf, limitOf } from "../reading/query-input.js";
import { showReadingProgress } from "../reading/show-progress.js";
import { writeRecords } from "../reading/write-records.js";
import { fieldColumn } from "../records/field-column.js";
import { createFullRecord } from "../records/full-record.js";
import { createRecordFormat, type RecordFormat } from "../records/record-format.js";

const options = optionTable({
  ...sourceOptions,
  ...effortOptions,
  ...filterOptions,
  ...selectionOptions,
  ...strictOption,
  "exit-status": { kind: "flag", group: "Selection", summary: "exit with 1 if nothing matched" },
  fields: {
    kind: "list",
    value: "FIELD",
    group: "Output",
    summary: "columns to show, such as timestamp,agent_id,event.error",
  },
  ...outputFormatOption,
  ...timeOptions,
});

type LsValues = Invocation<typeof options>["values"];

export const ls = defineCommand({
  usage: "[options]",
  description:
    "Shows records in time order, one readable line each: time, severity, type, job, agent and a summary. On a " +
    `terminal the newest ${limits.terminalRecords}, else all.`,
  options,
  maxPositionals: 0,
  examples: [
    { line: "ls --job-id JOB", does: "everything that happened in a job" },
    { line: "ls --job-id JOB --event-type agent_failed,dlq_item_added", does: "what failed in it" },
    { line: "ls --since 30", does: "the last 30 minutes" },
    { line: "ls --job-id JOB --limit 1", does: "the latest record, in full" },
    { line: "ls --fields timestamp,agent_id,event.error --severity error", does: "columns of your choice" },
    { line: "ls --output-format ndjson | jq .event.agent_id", does: "the lines as they are stored" },
  ],
  async run({ values, context }) {
    const { messages, out, terminal } = context;
    const limit = limitOf(values) ?? (terminal.isTerminal ? limits.terminalRecords : 0);
    const columns = values.fields.map(fieldColumn);
    const format = formatFor(values, limit, columns, context);
    const store = await openSource(values, context);
    const stream = store.query({ ...filterOf(values), limit, order: orderOf(values), strict: values.strict });
    const unknownTypes = new UnknownTypes(values["event-type"]);
    const progress = showReadingProgress(stream, store, values, context);
    try {
      const records = await writeRecords(stream.batches(), format, out, (batch) =>
        unknownTypes.observe(batch),
      );
      progress.stop();
      explainReading(stream.report, values, messages);
      const exitCode = reportDamage(stream.report, messages);
      unknownTypes.report(stream.report.excludedTypes, messages);
      warnUnknownColumns(columns, records, messages);
      if (records === 0) {
        await explainEmptyAnswer(stream.report, { values, store }, messages);
        return values["exit-status"] ? exitCodes.failed : exitCode;
      }
      if (values.limit === undefined && records === limit)
        await sayHowManyMore(store, stream, values, context);
      return exitCode;
    } finally {
      progress.stop();
    }
  },
});

function formatFor(
  values: LsValues,
  limit: number,
  columns: readonly ReturnType<typeof fieldColumn>[],
  context: Invocation<typeof options>["context"],
): RecordFormat {
  const name = outputFormatOf(values);
  const { terminal } = context;
  if (name === "human" && columns.length === 0 && limit === 1) {
    return createFullRecord(terminal);
  }
  return createRecordFormat(name, {
    terminal,
    columns,
    time: timeFormatOf(values, context),
    isOneJob: values["job-id"].length === 1,
  });
}

function orderOf(values: LsValues): "newest" | "oldest" {
  return values.order === "oldest" ? "oldest" : "newest";
}

/** `… 4,211 more, --limit 0`: counted where that is quick. */
async function sayHowManyMore(
  store: Store,
  { report }: RecordStream,
  values: LsValues,
  { messages, terminal }: Invocation<typeof options>["context"],
): Promise<void> {
  const { ellipsis } = terminal.symbols;
  const total = report.complete ? report.matched : await countIfQuick(store, values);
  if (total === undefined) messages.note(`${ellipsis} more, --limit 0`);
  else if (total > limits.terminalRecords) {
    messages.note(`${ellipsis} ${formatCount(total - limits.terminalRecords)} more, --limit 0`);
  }
}

async function countIfQuick(store: Store, values: LsValues): Promise<number | undefined> {
  if (values.file.includes("-")) return undefined;
  const { segments } = await store.sources({ jobId: values["job-id"] });
  const bytes = segments.reduce((sum, { segment }) => sum + segment.bytes, 0);
  if (bytes > limits.countMoreMaxBytes) return undefined;
  return (await store.stats({ ...filterOf(values), groupBy: [] })).total;
}
