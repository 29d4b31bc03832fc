import { renderReport } from "../answers/report.js";
import { statsReport } from "../answers/stats-report.js";
import { optionTable } from "../arguments/option-table.js";
import { filterOptions, strictOption } from "../options/filter-options.js";
import { outputFormatOption, timeOptions } from "../options/output-options.js";
import { effortOptions, sourceOptions } from "../options/source-options.js";
import { parseWholeNumber } from "../options/whole-number.js";
import { defineCommand } from "../program/command.js";
import { reportDamage } from "../reading/damage-report.js";
import { explainReading } from "../reading/explain.js";
import { UnknownTypes, warnUnknownField } from "../reading/name-warnings.js";
import { explainEmptyAnswer } from "../reading/nothing-matched.js";
import { openSource } from "../reading/open-source.js";
import { outputFormatOf } from "../reading/output-choices.js";
import { filterOf } from "../reading/query-input.js";
import { withProgress } from "../reading/show-progress.js";

const options = optionTable({
  ...sourceOptions,
  ...effortOptions,
  ...filterOptions,
  ...strictOption,
  "group-by": {
    kind: "list",
    value: "FIELD",
    group: "Counting",
    summary: "event_type (default), job_id, agent_id or any field; several count their combinations",
  },
  top: { kind: "text", value: "N", group: "Counting", summary: "the N largest groups" },
  ...outputFormatOption,
  utc: timeOptions.utc,
});

export const stats = defineCommand({
  usage: "[options]",
  description: "Counts records by event type, or by any field, with the share of each.",
  options,
  maxPositionals: 0,
  examples: [
    { line: "stats", does: "how often each event type occurred" },
    { line: "stats --group-by job_id", does: "records of each job" },
    { line: "stats --group-by agent_id,event_type --severity error --top 10", does: "which agents fail how" },
    { line: "stats --group-by failure_reason --event-type agent_failed", does: "why agents failed" },
  ],
  async run({ values, context }) {
    const groupBy = values["group-by"].length > 0 ? values["group-by"] : ["event_type"];
    const top = values.top === undefined ? {} : { top: parseWholeNumber("--top", values.top, 1) };
    const store = await openSource(values, context);
    const question = { ...filterOf(values), groupBy, strict: values.strict, ...top };
    const answer = await withProgress(
      (onProgress) => store.stats({ ...question, onProgress }),
      store,
      values,
      context,
    );
    const { messages, out, terminal } = context;
    explainReading(answer.report, values, messages);
    const exitCode = reportDamage(answer.report, messages);
    if (answer.total === 0) {
      new UnknownTypes(values["event-type"]).report(answer.report.excludedTypes, messages);
      await explainEmptyAnswer(answer.report, { values, store }, messages);
    }
    for (const [index, field] of groupBy.entries()) {
      if (answer.total > 0 && answer.groups.every(({ key }) => key[index] === null))
        warnUnknownField(field, messages);
    }
    await out.write(await renderReport(statsReport(groupBy, answer), outputFormatOf(values), terminal));
    return exitCode;
  },
});
