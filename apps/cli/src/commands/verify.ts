import type { VerifyReport } from "@prodigy-events/query";
import { renderReport } from "../answers/report.js";
import { optionTable } from "../arguments/option-table.js";
import { exitCodes } from "../errors/exit-codes.js";
import { outputFormatOption } from "../options/output-options.js";
import { sourceOptions } from "../options/source-options.js";
import { Progress } from "../output/progress.js";
import { defineCommand } from "../program/command.js";
import { openSource } from "../reading/open-source.js";
import { outputFormatOf } from "../reading/output-choices.js";
import { verifyReport } from "../verify/verify-report.js";

const options = optionTable({
  deep: {
    kind: "flag",
    group: "What",
    summary: "also read the second file of segments that are there twice",
  },
  "job-id": { kind: "list", value: "ID", group: "What", summary: "only these jobs" },
  "assume-dead": {
    kind: "list",
    value: "PRODUCER",
    group: "What",
    summary: "this writer is dead, although that cannot be proved here",
  },
  ...sourceOptions,
  ...outputFormatOption,
});

export const verify = defineCommand({
  usage: "[options]",
  description:
    "Reads everything and tells what is not as it was written: malformed lines, torn tails, missing records and " +
    "segments, and whatever differs from the checksums of the manifests. Changes nothing. Exits with 3 if anything is wrong.",
  options,
  maxPositionals: 0,
  examples: [
    { line: "verify", does: "the store of this repository" },
    { line: "verify --all-repos --output-format json", does: "everything, for a health check" },
    { line: "verify --file /backup/events", does: "the files in a directory" },
  ],
  async run({ values, context }) {
    const { messages, out, terminal, now } = context;
    const store = await openSource(values, context, { assumeDead: values["assume-dead"] });
    let read = { bytesRead: 0, records: 0 };
    const progress = new Progress(messages, out, () => read, now);
    let report: VerifyReport;
    try {
      report = await store.verify({
        jobId: values["job-id"],
        deep: values.deep,
        onProgress: ({ bytes, records }) => {
          read = { bytesRead: bytes, records };
        },
      });
    } finally {
      progress.stop();
    }
    await out.write(await renderReport(verifyReport(report), outputFormatOf(values), terminal));
    if (report.totals.segments === 0) messages.note(`no events found in ${report.sources.join(", ")}`);
    if (report.sound) return exitCodes.done;
    return report.counts.has("unreadable") ? exitCodes.failed : exitCodes.damaged;
  },
});
