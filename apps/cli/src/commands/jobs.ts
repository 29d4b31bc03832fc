import { jobsReport } from "../answers/jobs-report.js";
import { renderReport } from "../answers/report.js";
import { optionTable } from "../arguments/option-table.js";
import { outputFormatOption, timeOptions } from "../options/output-options.js";
import { effortOptions, sourceOptions } from "../options/source-options.js";
import { defineCommand } from "../program/command.js";
import { reportDamage } from "../reading/damage-report.js";
import { explainReading } from "../reading/explain.js";
import { openSource } from "../reading/open-source.js";
import { outputFormatOf, timeFormatOf } from "../reading/output-choices.js";
import { withProgress } from "../reading/show-progress.js";

const states = ["running", "completed", "failed", "paused", "stale"] as const;

const options = optionTable({
  ...sourceOptions,
  ...effortOptions,
  "job-id": { kind: "list", value: "ID", group: "Selection", summary: "only these jobs" },
  state: {
    kind: "list",
    value: "STATE",
    group: "Selection",
    summary: `${states.join(", ")}`,
    choices: states,
  },
  tz: {
    kind: "text",
    value: "ZONE",
    group: "Time",
    summary: "time zone of what is shown, such as Europe/Berlin",
  },
  ...outputFormatOption,
  ...timeOptions,
});

export const jobs = defineCommand({
  usage: "[options]",
  description:
    "Lists every job: its state, start and duration, agents, items done, failed and in the dead letter queue, tokens, " +
    "and size on disk. A job is stale when it neither ended nor is anyone alive to end it.",
  options,
  maxPositionals: 0,
  examples: [
    { line: "jobs", does: "the jobs of this repository" },
    { line: "jobs --all-repos --state running", does: "what is running now" },
    { line: "jobs --output-format json | jq '.[] | select(.items_failed > 0)'", does: "jobs with failures" },
  ],
  async run({ values, context }) {
    const { messages, out, terminal } = context;
    const store = await openSource(values, context);
    const { jobs: all, report: read } = await withProgress(
      (onProgress) => store.jobs({ jobId: values["job-id"], onProgress }),
      store,
      values,
      context,
    );
    const shown = all.filter(
      ({ jobId, state }) =>
        (values["job-id"].length === 0 || values["job-id"].includes(jobId)) &&
        (values.state.length === 0 || values.state.includes(state)),
    );
    explainReading(read, values, messages);
    const exitCode = reportDamage(read, messages);
    const report = jobsReport(shown, timeFormatOf(values, context));
    await out.write(await renderReport(report, outputFormatOf(values), terminal));
    if (all.length === 0) {
      messages.note(
        `no jobs found in ${store.root}; name the store with --store, or the repository with --repo or --all-repos`,
      );
    } else if (shown.length === 0) {
      messages.note(
        `none of ${all.length} jobs matches: ${all
          .slice(0, 4)
          .map(({ jobId }) => jobId)
          .join(", ")}`,
      );
    }
    return exitCode;
  },
});
