import { resolve } from "node:path";
import { archiveDirectory } from "@prodigy-events/storage";
import { renderReport } from "../answers/report.js";
import { optionTable } from "../arguments/option-table.js";
import { localEventDirectories } from "../clean/local-directories.js";
import { restoreReport, summarizeRestore } from "../clean/restore-report.js";
import { exitCodes } from "../errors/exit-codes.js";
import { UsageError } from "../errors/usage-error.js";
import { outputFormatOption } from "../options/output-options.js";
import { sourceOptions } from "../options/source-options.js";
import { defineCommand } from "../program/command.js";
import { openSource } from "../reading/open-source.js";
import { outputFormatOf } from "../reading/output-choices.js";

const { store, repo, "all-repos": allRepos } = sourceOptions;

const options = optionTable({
  "archive-path": {
    kind: "text",
    value: "DIR",
    group: "What",
    summary: "where the archive is [default: STORE/archive]",
  },
  "job-id": { kind: "text", value: "ID", group: "What", summary: "only this job" },
  store,
  repo,
  "all-repos": allRepos,
  "dry-run": { kind: "flag", group: "How", summary: "show what would come back and change nothing" },
  force: { kind: "flag", group: "How", summary: "even if other users can reach the store" },
  "break-lock": { kind: "flag", group: "How", summary: "take over the lock of a clean that was left behind" },
  ...outputFormatOption,
});

export const restore = defineCommand({
  usage: "[options]",
  description:
    "Brings records that clean archived back into the store. Nothing that is there is overwritten, and the archive " +
    "stays.",
  options,
  maxPositionals: 0,
  examples: [
    { line: "restore --dry-run", does: "what would come back" },
    { line: "restore --job-id JOB", does: "one job, from the archive beside the store" },
    {
      line: "restore --archive-path /backup/events",
      does: "everything of this repository, from another place",
    },
  ],
  async run({ values, context }) {
    const { cwd, messages, out, terminal, interruption } = context;
    const jobId = values["job-id"];
    if (jobId !== undefined && values["all-repos"]) {
      throw new UsageError("--job-id and --all-repos exclude each other: a job belongs to one repository");
    }
    const opened = await openSource({ ...values, file: [] }, context);
    const archivePath = values["archive-path"];
    const directory = archivePath === undefined ? archiveDirectory(opened.root) : resolve(cwd, archivePath);
    const { restoreArchive } = await import("@prodigy-events/retention");
    const report = await restoreArchive({
      root: opened.root,
      archiveDirectory: directory,
      ...(opened.repo === undefined ? {} : { repo: opened.repo }),
      ...(jobId === undefined ? {} : { jobId }),
      localDirectories: values.repo === undefined ? await localEventDirectories(cwd) : [],
      dryRun: values["dry-run"],
      force: values.force,
      breakLock: values["break-lock"],
      signal: interruption.graceful(),
    });
    await out.write(await renderReport(restoreReport(report), outputFormatOf(values), terminal));
    messages.note(
      report.outcomes.length === 0
        ? `nothing to restore in ${directory}${jobId === undefined ? "" : ` of job ${jobId}`}`
        : summarizeRestore(report),
    );
    return interruption.exitCode ?? (report.complete ? exitCodes.done : exitCodes.failed);
  },
});
