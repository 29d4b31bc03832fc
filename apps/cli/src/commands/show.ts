import { optionTable } from "../arguments/option-table.js";
import { CommandError } from "../errors/command-error.js";
import { exitCodes } from "../errors/exit-codes.js";
import { UsageError } from "../errors/usage-error.js";
import { outputFormatOption } from "../options/output-options.js";
import { effortOptions, sourceOptions } from "../options/source-options.js";
import { defineCommand } from "../program/command.js";
import { openSource } from "../reading/open-source.js";
import { outputFormatOf } from "../reading/output-choices.js";
import { fullRecord } from "../records/full-record.js";
import { createRecordFormat } from "../records/record-format.js";
import { recordJson } from "../records/record-json.js";
import { createTimeFormat } from "../time/time-format.js";

const options = optionTable({ ...sourceOptions, ...effortOptions, ...outputFormatOption });

export const show = defineCommand({
  usage: "ID [options]",
  description: "Shows one record in full, by its id or the beginning of it.",
  options,
  maxPositionals: 1,
  examples: [
    { line: "show 0192f3a1", does: "the record whose id begins like this" },
    { line: "show 0192f3a1 --output-format ndjson", does: "its line as it is stored" },
  ],
  async run({ values, positionals, context }) {
    const [id] = positionals;
    if (id === undefined || id === "")
      throw new UsageError("show needs the ID of a record, or its beginning");
    const { out, terminal, now } = context;
    const store = await openSource(values, context);
    const match = await store.find(id);
    if (match === undefined) {
      throw new CommandError(
        "NO_RECORD",
        `no record has an id that begins with ${JSON.stringify(id)}; ls --output-format ndjson shows the ids`,
      );
    }
    const format = outputFormatOf(values);
    if (format === "human" || format === "json") {
      await out.write(`${fullRecord(recordJson(match), terminal)}\n`);
      return exitCodes.done;
    }
    const time = createTimeFormat({ form: "raw", zone: "UTC", hasOffset: true, nowMs: now() });
    const lines = createRecordFormat(format, { terminal, time, columns: [] });
    await out.write(lines.begin() + (await lines.batch([match])) + lines.end());
    return exitCodes.done;
  },
});
