import { recordFilter, resolveQuery } from "@prodigy-events/query";
import { renderReport } from "../answers/report.js";
import { scanReport } from "../answers/scan-report.js";
import { optionTable } from "../arguments/option-table.js";
import { exitCodes } from "../errors/exit-codes.js";
import { filterOptions } from "../options/filter-options.js";
import { outputFormatOption, timeOptions } from "../options/output-options.js";
import { sourceOptions } from "../options/source-options.js";
import { plural } from "../output/count-text.js";
import { Progress } from "../output/progress.js";
import { defineCommand, type Invocation } from "../program/command.js";
import { openSource } from "../reading/open-source.js";
import { outputFormatOf } from "../reading/output-choices.js";
import { filterOf } from "../reading/query-input.js";
import { ScanProgress, type StoredSecret, scanSources } from "../scan/scan-sources.js";

const options = optionTable({
  ...sourceOptions,
  ...filterOptions,
  ...outputFormatOption,
  utc: timeOptions.utc,
});

export const scan = defineCommand({
  usage: "[options]",
  description:
    "Finds secrets in events that are stored already: what the logger replaces when it logs. Says where each one is, " +
    "and of what kind, and never shows it. Lines that are no records are searched too, whatever the filters say. Exits " +
    "with 3 if there are any, and with 1 if a file could not be read.",
  options,
  maxPositionals: 0,
  examples: [
    { line: "scan", does: "is a secret in the events of this repository?" },
    { line: "scan --file events.jsonl --output-format json", does: "of a file, for a program" },
    { line: "scan --since 7d --event-type claude_tool_invoked", does: "in the tool calls of a week" },
  ],
  async run({ values, context }) {
    const { messages, out, terminal, now } = context;
    const { createSecretScanner } = await import("@prodigy-events/logger");
    const filter = filterOf(values);
    const accepts = recordFilter(resolveQuery(filter, now()));
    const store = await openSource(values, context);
    const { segments, places } = await store.sources({ jobId: filter.jobId });
    const progress = new ScanProgress();
    const shown = new Progress(messages, out, () => ({ ...progress, bytesTotal: undefined }), now);
    const secrets: StoredSecret[] = [];
    try {
      const request = { segments, scanner: createSecretScanner(), accepts };
      for await (const secret of scanSources(request, progress)) secrets.push(secret);
    } finally {
      shown.stop();
    }
    await out.write(await renderReport(scanReport(secrets), outputFormatOf(values), terminal));
    if (segments.length === 0) {
      messages.note(`no events found; looked in ${places.map(({ path }) => path).join(", ")}`);
    } else {
      messages.note(summarize(secrets, progress, segments.length));
    }
    return endOf(secrets, progress, messages);
  },
});

function summarize(secrets: readonly StoredSecret[], progress: ScanProgress, files: number): string {
  const found =
    secrets.length === 0
      ? "no secrets"
      : `${plural(secrets.length, "secret")} in ${plural(new Set(secrets.map(({ path }) => path)).size, "file")}`;
  const others = progress.malformed > 0 ? ` and ${plural(progress.malformed, "other line")}` : "";
  return `${found}; read ${plural(progress.records, "record")}${others} in ${plural(files, "file")}`;
}

/** A file that could not be read weighs more than a secret in another: nobody knows what is in it. */
function endOf(
  secrets: readonly StoredSecret[],
  { unreadable }: ScanProgress,
  messages: Invocation<typeof options>["context"]["messages"],
): number {
  for (const { path, message } of unreadable)
    messages.warn(message.includes(path) ? message : `${path}: ${message}`);
  if (unreadable.length > 0) return exitCodes.failed;
  return secrets.length > 0 ? exitCodes.damaged : exitCodes.done;
}
