import { optionTable } from "../arguments/option-table.js";
import { exitCodes } from "../errors/exit-codes.js";
import { UsageError } from "../errors/usage-error.js";
import { CursorFile } from "../follow/cursor-file.js";
import { CursorSaver } from "../follow/save-cursor.js";
import { parseDurationArgument } from "../options/duration.js";
import { filterOptions, strictOption } from "../options/filter-options.js";
import { outputFormatOption, timeOptions } from "../options/output-options.js";
import { inflateOption, sourceOptions } from "../options/source-options.js";
import { parseWholeNumber } from "../options/whole-number.js";
import { defineCommand, type Invocation } from "../program/command.js";
import { describeProblem } from "../reading/damage-report.js";
import { describeGap, gapDocument } from "../reading/gap.js";
import { UnknownTypes } from "../reading/name-warnings.js";
import { openSource } from "../reading/open-source.js";
import { outputFormatOf, timeFormatOf } from "../reading/output-choices.js";
import { filterOf } from "../reading/query-input.js";
import { writeRecords } from "../reading/write-records.js";
import { fieldColumn } from "../records/field-column.js";
import { createLiveJsonLines } from "../records/live-json-lines.js";
import { createRecordFormat, type RecordFormat } from "../records/record-format.js";

const group = "Following";

const options = optionTable({
  lines: {
    kind: "text",
    short: "n",
    value: "N",
    group,
    summary: "show the N latest records first, or `all` [default: 10]",
  },
  "cursor-file": {
    kind: "text",
    value: "FILE",
    group,
    summary: "note here how far it has come, and go on there next time",
  },
  follow: {
    kind: "flag",
    short: "f",
    group,
    summary: "what follow does anyway; tail without it shows the latest and ends",
  },
  "until-idle": {
    kind: "text",
    value: "TIME",
    group,
    summary: "end when nothing new has come for this long: 5s",
  },
  ...sourceOptions,
  ...inflateOption,
  ...filterOptions,
  ...strictOption,
  fields: {
    kind: "list",
    value: "FIELD",
    group: "Output",
    summary: "columns to show, such as agent_id,event.error",
  },
  ...outputFormatOption,
  ...timeOptions,
});

type FollowValues = Invocation<typeof options>["values"];

const usualHistory = 10;

export const follow = defineCommand({
  usage: "[options]",
  description:
    "Shows the latest records, then new ones as they arrive, through rotation, compression, new segments and new " +
    "jobs, until Ctrl-C. `tail -f` is the same; `tail` alone ends after the latest.",
  options,
  maxPositionals: 0,
  examples: [
    { line: "follow --job-id JOB", does: "a job, live" },
    { line: "follow --job-id JOB --event-type agent_failed", does: "its failures as they happen" },
    { line: "tail -f -n 100", does: "the same, with more history" },
    { line: "follow --until-idle 5s --output-format ndjson > run.ndjson", does: "for scripts" },
    { line: "follow -n all --cursor-file run.cursor >> run.ndjson", does: "for scripts that are restarted" },
  ],
  async run({ values, context, calledAs }) {
    const { out, interruption, messages } = context;
    const history = historyOf(values.lines);
    const untilIdle = values["until-idle"];
    const untilIdleMs =
      untilIdle === undefined ? undefined : parseDurationArgument("--until-idle", untilIdle);
    const format = formatFor(values, context);
    const cursorPath = values["cursor-file"];
    if (cursorPath !== undefined && calledAs === "tail" && !values.follow)
      throw new UsageError(
        "tail alone ends after the latest records; use follow or tail -f with --cursor-file",
      );
    const cursorFile = cursorPath === undefined ? undefined : new CursorFile(cursorPath, context.cwd);
    await cursorFile?.requireDirectory();
    const saved = await cursorFile?.read();
    const cursor = cursorFile !== undefined && history === Number.POSITIVE_INFINITY ? "beginning" : undefined;
    const store = await openSource(values, context);
    const unknownTypes = new UnknownTypes(values["event-type"]);
    if (calledAs === "tail" && !values.follow) {
      if (history === 0) return exitCodes.done;
      const limit = Number.isFinite(history) ? history : 0;
      await writeRecords(store.query({ ...filterOf(values), limit }).batches(), format, out);
      return exitCodes.done;
    }
    unknownTypes.report(new Map(), messages);
    const stop = new AbortController();
    out.onClosed(() => stop.abort());
    const live = store.follow(
      { ...filterOf(values), strict: values.strict },
      {
        signal: AbortSignal.any([interruption.graceful(), stop.signal]),
        history,
        cursor: saved ?? cursor,
        ...(untilIdleMs === undefined ? {} : { untilIdleMs }),
        onGap: (gap) => {
          messages.warn(describeGap(gap));
          // Once the reader has gone, following ends by itself.
          if (isJson(values) && !stop.signal.aborted)
            void out.write(`${JSON.stringify({ gap: gapDocument(gap) })}\n`);
        },
        onProblem: (problem) => messages.warn(describeProblem(problem)),
      },
    );
    const batches =
      cursorFile === undefined ? live.batches() : new CursorSaver(live, cursorFile, out).batches();
    await writeRecords(batches, format, out);
    return exitCodes.done;
  },
});

function historyOf(lines: string | undefined): number {
  if (lines === undefined) return usualHistory;
  return lines === "all" ? Number.POSITIVE_INFINITY : parseWholeNumber("-n", lines);
}

function formatFor(values: FollowValues, context: Invocation<typeof options>["context"]): RecordFormat {
  const name = outputFormatOf(values);
  const formatOptions = {
    terminal: context.terminal,
    time: timeFormatOf(values, context),
    columns: values.fields.map(fieldColumn),
    isOneJob: values["job-id"].length === 1,
    isLive: true,
  };
  return name === "json" ? createLiveJsonLines(formatOptions) : createRecordFormat(name, formatOptions);
}

function isJson(values: FollowValues): boolean {
  const name = outputFormatOf(values);
  return name === "json" || name === "ndjson";
}
