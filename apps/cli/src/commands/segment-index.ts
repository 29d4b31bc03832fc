import type { IndexReport } from "@prodigy-events/query";
import { indexReport } from "../answers/index-report.js";
import { renderReport } from "../answers/report.js";
import { optionTable } from "../arguments/option-table.js";
import { exitCodes } from "../errors/exit-codes.js";
import { UsageError } from "../errors/usage-error.js";
import { outputFormatOption } from "../options/output-options.js";
import { inflateOption, sourceOptions } from "../options/source-options.js";
import { Progress } from "../output/progress.js";
import { defineCommand } from "../program/command.js";
import { openSource } from "../reading/open-source.js";
import { outputFormatOf } from "../reading/output-choices.js";

const options = optionTable({
  check: {
    kind: "flag",
    group: "What",
    summary: "only say which indexes there are, and whether they are sound",
  },
  drop: { kind: "flag", group: "What", summary: "remove them" },
  "job-id": { kind: "list", value: "ID", group: "What", summary: "only these jobs" },
  ...sourceOptions,
  ...inflateOption,
  ...outputFormatOption,
});

export const index = defineCommand({
  usage: "[options]",
  description:
    "Builds what is missing of the indexes, by which questions are answered without reading the segments. They change no " +
    "answer, and may be removed at any time. With --check, exits with 3 if one is damaged.",
  options,
  maxPositionals: 0,
  examples: [
    { line: "index", does: "index the closed segments of this repository" },
    { line: "index --check", does: "which segments have one?" },
    { line: "index --drop --all-repos", does: "remove all indexes of the store" },
  ],
  async run({ values, context }) {
    const { messages, out, terminal, now } = context;
    if (values.check && values.drop) throw new UsageError("--check and --drop exclude each other");
    const store = await openSource(values, context);
    let bytesRead = 0;
    const progress = new Progress(messages, out, () => ({ bytesRead, records: undefined }), now);
    let report: IndexReport;
    try {
      report = await store.index({
        jobId: values["job-id"],
        check: values.check,
        drop: values.drop,
        onProgress: (bytes) => {
          bytesRead = bytes;
        },
      });
    } finally {
      progress.stop();
    }
    await out.write(await renderReport(indexReport(report), outputFormatOf(values), terminal));
    if (report.segments.length === 0 && !values.drop)
      messages.note(`no events found; looked in ${report.sources.join(", ")}`);
    if (report.segments.some(({ action }) => action === "failed")) return exitCodes.failed;
    const isDamaged = values.check && report.segments.some(({ state }) => state === "damaged");
    return isDamaged ? exitCodes.damaged : exitCodes.done;
  },
});
