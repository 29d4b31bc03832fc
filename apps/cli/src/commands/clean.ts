import type { RetentionPlan, RetentionReport } from "@prodigy-events/retention";
import { archiveDirectory } from "@prodigy-events/storage";
import { renderReport } from "../answers/report.js";
import { optionTable } from "../arguments/option-table.js";
import { confirm } from "../clean/confirm.js";
import { finishLeftovers } from "../clean/finish-leftovers.js";
import { cleanReport, describeConservation, summarizePlan } from "../clean/plan-report.js";
import { checkPolicyValues, policyOf } from "../clean/policy.js";
import { scopeOf } from "../clean/scope.js";
import { exitCodes } from "../errors/exit-codes.js";
import { UsageError } from "../errors/usage-error.js";
import { isSwitchedOn } from "../options/environment.js";
import { outputFormatOption } from "../options/output-options.js";
import { formatSize } from "../options/size.js";
import { sourceOptions } from "../options/source-options.js";
import { plural } from "../output/count-text.js";
import { Progress } from "../output/progress.js";
import { defineCommand, type Invocation } from "../program/command.js";
import { outputFormatOf } from "../reading/output-choices.js";

const what = "What may go (only what is asked for, counted over the whole scope)";
const how = "How";

const options = optionTable({
  "older-than": {
    kind: "text",
    value: "AGE",
    group: what,
    summary: "records older than this: 30d, 12h, 90s; exact",
  },
  "max-events": { kind: "text", value: "N", group: what, summary: "all but the N newest records" },
  "max-size": {
    kind: "text",
    value: "SIZE",
    group: what,
    summary: "the oldest records beyond this size on disk: 100MB",
  },
  "job-id": {
    kind: "list",
    value: "ID",
    group: "Scope [default: what ls reads]",
    summary: "only records of these jobs",
  },
  "all-jobs": {
    kind: "flag",
    group: "Scope [default: what ls reads]",
    summary: "every job in the store of this repository, and no local file",
  },
  ...sourceOptions,
  archive: { kind: "flag", group: how, summary: "keep a compressed, verified copy (restore brings it back)" },
  "archive-path": {
    kind: "text",
    value: "DIR",
    group: how,
    summary: "where to archive [default: STORE/archive]",
  },
  "dry-run": { kind: "flag", group: how, summary: "show the plan and change nothing" },
  yes: { kind: "flag", short: "y", group: how, summary: "do not ask; so does PRODIGY_AUTOMATION=true" },
  "assume-dead": {
    kind: "list",
    value: "PRODUCER",
    group: how,
    summary: "this writer is dead, although that cannot be proved here",
  },
  force: { kind: "flag", group: how, summary: "even if other users can reach the store" },
  "break-lock": { kind: "flag", group: how, summary: "take over the lock of a clean that was left behind" },
  ...outputFormatOption,
});

type CleanInvocation = Invocation<typeof options>;

export const clean = defineCommand({
  usage: "[options]",
  description:
    "Removes or archives old records. Shows its plan, asks, and does what the plan says. Segments that are being " +
    "written, or were closed within the last minute, stay, and so do lines that cannot be read. Afterwards it puts in " +
    "order what killed writers left half way; no record is touched by that.",
  options,
  maxPositionals: 0,
  examples: [
    { line: "clean --older-than 30d --dry-run", does: "what would go" },
    { line: "clean --max-events 10000", does: "keep the newest 10,000 records" },
    { line: "clean --max-size 100MB --yes", does: "without a question" },
    {
      line: "clean --older-than 7d --archive --archive-path /backup/events",
      does: "archive instead of delete",
    },
  ],
  async run({ values, context }) {
    const { env, messages, out, stdin, terminal, interruption } = context;
    checkPolicyValues(values);
    const isUnasked = values.yes || isSwitchedOn(env.PRODIGY_AUTOMATION);
    if (!values["dry-run"] && !isUnasked && stdin.isTTY !== true) {
      throw new UsageError(
        "clean asks before it removes anything, and there is no terminal to ask on; give --yes, set " +
          "PRODIGY_AUTOMATION=true, or look with --dry-run",
      );
    }
    const format = outputFormatOf(values);
    const plan = await makePlan(values, context);
    const isHuman = format === "human";
    if (isHuman || values["dry-run"]) {
      await out.write(await renderReport(cleanReport(plan, undefined, values["dry-run"]), format, terminal));
    }
    const isNothing = plan.segments.every(({ action }) => action === "keep");
    if (values["dry-run"]) return exitCodes.done;
    if (!isNothing && !isUnasked) {
      await out.flush();
      const answer = await confirm(`${summarizePlan(plan)}. Go ahead?`, context);
      if (answer === "interrupted") return exitCodes.interrupted;
      if (answer === "no") {
        messages.note("nothing was changed");
        return exitCodes.done;
      }
    }
    const { applyRetention } = await import("@prodigy-events/retention");
    const result = await applyRetention(plan, {
      force: values.force,
      breakLock: values["break-lock"],
      signal: interruption.graceful(),
    });
    if (!isHuman) await out.write(await renderReport(cleanReport(plan, result, false), format, terminal));
    const exitCode = reportResult(plan, result, context);
    // Who names files means these, and not what else lies beside them.
    const isOfJobs = values.file.length === 0;
    if (isOfJobs && interruption.exitCode === undefined) await finishLeftovers(plan, context);
    return exitCode;
  },
});

/** The plan that the preview, the question and the real run share. */
async function makePlan(
  values: CleanInvocation["values"],
  context: CleanInvocation["context"],
): Promise<RetentionPlan> {
  const { messages, out, now } = context;
  const { scope, store } = await scopeOf(values, context);
  const policy = policyOf(values, context.cwd, archiveDirectory(store.root));
  const { gatherInventory, planRetention } = await import("@prodigy-events/retention");
  const nowMs = now();
  let state = { bytesRead: 0, bytesTotal: 0, records: 0 };
  const progress = new Progress(messages, out, () => state, now);
  try {
    const inventory = await gatherInventory(scope, policy, {
      nowMs,
      assumeDead: values["assume-dead"],
      onProgress: (reached) => {
        state = { ...state, ...reached };
      },
    });
    if (scope.segments.length === 0) messages.note(`no events found to clean in ${store.root}`);
    return planRetention(inventory, policy, nowMs);
  } finally {
    progress.stop();
  }
}

function reportResult(
  plan: RetentionPlan,
  result: RetentionReport,
  { messages, interruption }: CleanInvocation["context"],
): number {
  const { complete, conserved, outcomes, totals, warnings } = result;
  for (const outcome of outcomes) {
    if (outcome.status === "failed") messages.error(outcome.error?.message ?? `cannot clean ${outcome.path}`);
    if (outcome.status === "skipped") {
      messages.warn(
        outcome.skipReason === "changed"
          ? `${outcome.path} changed after the plan was made and was left alone; run clean again`
          : `${outcome.path} was left alone: clean stopped before it`,
      );
    }
  }
  for (const warning of warnings) messages.warn(warning);
  if (outcomes.length > 0) {
    const where =
      plan.policy.archive === undefined ? "deleted" : `archived to ${plan.policy.archive.directory}`;
    messages.note(
      `${plural(totals.removed.records, "record")} ${where}, ${formatSize(Math.max(totals.freedBytes, 0))} freed`,
    );
    if (conserved) messages.note(describeConservation(result));
    else messages.error(`${describeConservation(result)}; report this, and restore from the archive`);
  }
  return interruption.exitCode ?? (complete && conserved ? exitCodes.done : exitCodes.failed);
}
