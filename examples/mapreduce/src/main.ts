// The orchestrator's command line: parses it, opens the job's logger, and runs the job to its end.

import { randomBytes } from "node:crypto";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { createEventLogger } from "@prodigy-events/logger";
import { type Checkpoint, loadCheckpoint, newCheckpoint } from "./checkpoint.js";
import { git } from "./git.js";
import { defaultLimits, jobFolder } from "./job.js";
import { type JobEnd, Orchestrator } from "./orchestrator.js";

const usage = `usage:
  main.js run [options] PATHSPEC…     work on the files of a git repository that match
  main.js resume FOLDER               go on with an interrupted job
  main.js reprocess FOLDER [ITEM…]    try the dead letter queue again, or some items of it
  main.js evict FOLDER                drop dead letters that are older than --older-than-ms
options of run:
  --repository DIR (.)  --job-id ID (random)  --folder DIR (beside the repository)
  --parallel 4  --max-attempts 3  --timeout-ms 60000  --backoff-ms 500
  --max-dead-letters 1000  --memory-limit-mb 512
`;

// Nobody has to read what a job prints: it goes on when the reader of a pipe has left.
process.stdout.on("error", () => undefined);

const exitCodes: Record<JobEnd, number> = { completed: 0, paused: 130 };
const weekMs = 7 * 24 * 3_600_000;

type Options = ReturnType<typeof parse>["options"];

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}

async function main(argv: string[]): Promise<number> {
  const { options, command, operands } = parse(argv);
  const [folder = ".", ...items] = operands;
  switch (command) {
    case "run": {
      const checkpoint = await newJob(options, operands);
      const { repository, jobId } = checkpoint.job;
      const jobsFolder = resolve(options.folder ?? jobFolder(repository, jobId));
      say(`${checkpoint.items.length} items; to resume or reprocess the job: ${jobsFolder}`);
      return exitCodes[await drive(checkpoint, jobsFolder, (job) => job.run())];
    }
    case "resume":
      return exitCodes[await reopen(folder, (job) => job.resume())];
    case "reprocess":
      return exitCodes[await reopen(folder, (job) => job.reprocess(items.length > 0 ? items : undefined))];
    case "evict": {
      const olderThanMs = wholeNumber(options, "older-than-ms");
      say(`dead letters dropped: ${await reopen(folder, async (job) => job.evict(olderThanMs))}`);
      return 0;
    }
    default:
      process.stderr.write(usage);
      return 2;
  }
}

function parse(argv: string[]) {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: {
      repository: { type: "string", default: "." },
      "job-id": { type: "string", default: `mapreduce-${randomBytes(4).toString("hex")}` },
      folder: { type: "string" },
      parallel: { type: "string", default: `${defaultLimits.parallel}` },
      "max-attempts": { type: "string", default: `${defaultLimits.maxAttempts}` },
      "timeout-ms": { type: "string", default: `${defaultLimits.timeoutMs}` },
      "backoff-ms": { type: "string", default: `${defaultLimits.backoffMs}` },
      "max-dead-letters": { type: "string", default: `${defaultLimits.maxDeadLetters}` },
      "memory-limit-mb": { type: "string", default: `${defaultLimits.memoryLimitMb}` },
      "older-than-ms": { type: "string", default: `${weekMs}` },
    },
  });
  const [command, ...operands] = positionals;
  return { options: values, command, operands };
}

function wholeNumber(options: Options, name: keyof Options, least = 0): number {
  const value = Number(options[name]);
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new Error(`--${name} ${options[name]}: must be a whole number, ${least} or more`);
}

async function newJob(options: Options, pathspecs: string[]): Promise<Checkpoint> {
  const repository = await git(options.repository, "rev-parse", "--show-toplevel");
  // One call per pathspec: the items keep the order in which they were asked for.
  const lists = await Promise.all(pathspecs.map((spec) => git(repository, "ls-files", "-z", "--", spec)));
  const items = [...new Set(lists.flatMap((list) => list.split("\0")).filter(Boolean))];
  if (items.length === 0) throw new Error(`no files in ${repository} match ${pathspecs.join(" ")}`);
  const job = {
    jobId: options["job-id"],
    repository,
    parallel: wholeNumber(options, "parallel", 1),
    maxAttempts: wholeNumber(options, "max-attempts", 1),
    timeoutMs: wholeNumber(options, "timeout-ms", 1),
    backoffMs: wholeNumber(options, "backoff-ms"),
    maxDeadLetters: wholeNumber(options, "max-dead-letters"),
    memoryLimitMb: wholeNumber(options, "memory-limit-mb"),
  };
  // A run that is part of something bigger carries on its id; otherwise it begins one.
  const runId = process.env.PRODIGY_CORRELATION_ID || `workflow-${randomBytes(4).toString("hex")}`;
  return newCheckpoint(job, runId, items);
}

function reopen<T>(folder: string, action: (orchestrator: Orchestrator) => Promise<T>): Promise<T> {
  return drive(loadCheckpoint(resolve(folder)), resolve(folder), action);
}

/** Everything around a job: its logger, Ctrl-C, and the shutdown that writes the last events. */
async function drive<T>(
  checkpoint: Checkpoint,
  folder: string,
  action: (orchestrator: Orchestrator) => Promise<T>,
): Promise<T> {
  const logger = await createEventLogger({
    jobId: checkpoint.job.jobId,
    cwd: checkpoint.job.repository,
    correlationId: checkpoint.runId,
    // So that whoever follows the job sees it live; nobody has to, and then the default of 5 s is as good.
    flushIntervalMs: 250,
    onError: (problem) => process.stderr.write(`events: ${problem.message}\n`),
  });
  const orchestrator = new Orchestrator(checkpoint, folder, logger, say);
  let interrupts = 0;
  const onInterrupt = () => {
    // Even then nothing is lost: the logger writes what it holds when the process exits.
    if (++interrupts > 1) process.exit(130);
    say("interrupted: the running agents finish, then the job pauses (again to leave at once)");
    orchestrator.interrupt();
  };
  process.on("SIGINT", onInterrupt);
  try {
    return await action(orchestrator);
  } finally {
    process.off("SIGINT", onInterrupt);
    const { unwritten, dropped } = await logger.shutdown();
    const lost = unwritten + dropped;
    if (lost > 0) process.stderr.write(`events: ${unwritten} not written, ${dropped} dropped\n`);
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
