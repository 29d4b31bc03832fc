import { resolve } from "node:path";
import type { RepairReport } from "@prodigy-events/query";
import { renderReport } from "../answers/report.js";
import { optionTable } from "../arguments/option-table.js";
import { exitCodes } from "../errors/exit-codes.js";
import { UsageError } from "../errors/usage-error.js";
import { outputFormatOption } from "../options/output-options.js";
import { sourceOptions } from "../options/source-options.js";
import { plural } from "../output/count-text.js";
import { Progress } from "../output/progress.js";
import { defineCommand } from "../program/command.js";
import { openSource } from "../reading/open-source.js";
import { outputFormatOf } from "../reading/output-choices.js";
import { repairReport } from "../repair/repair-report.js";

const options = optionTable({
  to: { kind: "text", value: "DIR", group: "What", summary: "a new or empty directory: the repaired store" },
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

export const repair = defineCommand({
  usage: "--to DIR [options]",
  description:
    "Copies every record that can be read of a damaged store to a new one, byte for byte and under the same names, and " +
    "tells what it leaves behind. Changes nothing in the store. Exits with 3 if something could not be copied.",
  options,
  maxPositionals: 0,
  examples: [
    { line: "repair --to ./repaired", does: "the store of this repository" },
    { line: "repair --all-repos --to /backup/repaired", does: "all of it" },
    { line: "repair --file broken.jsonl.gz --to ./repaired", does: "one file" },
  ],
  async run({ values, context }) {
    const { cwd, messages, out, terminal, now, interruption } = context;
    if (values.to === undefined)
      throw new UsageError("repair needs --to DIR: where the repaired store is to be");
    const source = { hasLocalFiles: false, assumeDead: values["assume-dead"] };
    const store = await openSource(values, context, source);
    let read = { bytesRead: 0, records: 0 };
    const progress = new Progress(messages, out, () => read, now);
    let report: RepairReport;
    try {
      report = await store.repair({
        to: resolve(cwd, values.to),
        jobId: values["job-id"],
        signal: interruption.graceful(),
        onProgress: ({ read: { bytes }, copied: { lines } }) => {
          read = { bytesRead: bytes, records: lines };
        },
      });
    } finally {
      progress.stop();
    }
    await out.write(await renderReport(repairReport(report), outputFormatOf(values), terminal));
    if (report.totals.segments === 0) messages.note(`no events found in ${report.sources.join(", ")}`);
    else messages.note(`${plural(report.totals.segments, "segment")} repaired to ${report.to}`);
    if (report.totals.unreadable > 0) return exitCodes.failed;
    return report.isComplete ? exitCodes.done : exitCodes.damaged;
  },
});
