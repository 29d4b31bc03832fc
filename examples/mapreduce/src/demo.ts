// The demo: a real job on a repository made for it, with an interruption, retries, a dead letter queue and a
// repair, and then what `prodigy events` can tell about it. Everything stays in a temporary folder.

import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, realpath } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { openStore } from "@prodigy-events/query";
import type { EventRecord } from "@prodigy-events/schema";
import {
  brokenItem,
  createDemoRepository,
  demoPathspecs,
  gitWithoutUserConfig,
  repairBrokenItem,
} from "./demo-repository.js";
import { environment } from "./git.js";
import { jobFolder } from "./job.js";

const startedAtMs = performance.now();
Object.assign(process.env, gitWithoutUserConfig);
// Whoever reads the output may stop doing so.
process.stdout.on("error", () => process.exit());
const folder = await realpath(await mkdtemp(join(tmpdir(), "prodigy-demo-")));
const home = join(folder, "home");
const repository = join(folder, "shop");
const jobId = `mapreduce-${randomBytes(4).toString("hex")}`;
const stateFolder = jobFolder(repository, jobId);
// What the caller's own jobs have set must not reach the demo's.
const outside = Object.entries(environment()).filter(([name]) => !name.startsWith("PRODIGY_"));
const env = { ...Object.fromEntries(outside), PRODIGY_HOME: home };

const orchestrator = fileURLToPath(new URL("./main.js", import.meta.url));
const program = await findProgram();

heading(
  "A repository of this project's sources, with a syntax error, a check that hangs, and a line to fight over",
);
await mkdir(repository);
await createDemoRepository(repository);
print(repository);

heading("The job: 4 agents at a time, each a process in its own worktree; interrupted after 5 items");
const limits = ["--timeout-ms", "3000", "--backoff-ms", "200", "--memory-limit-mb", "40"];
const target = ["--repository", repository, "--job-id", jobId];
const job = start("mapreduce", orchestrator, ["run", ...target, ...limits, ...demoPathspecs]);
await interruptAfter(5);
await finished(job, [0, 130]);

heading("The same job, resumed from its checkpoint");
if (job.exitCode === 130) await finished(start("mapreduce", orchestrator, ["resume", stateFolder]));

heading(`Somebody repairs ${brokenItem}, takes it out of the dead letter queue, and gives up on the rest`);
await repairBrokenItem(repository);
await finished(start("mapreduce", orchestrator, ["reprocess", stateFolder, brokenItem]));
await finished(start("mapreduce", orchestrator, ["evict", stateFolder, "--older-than-ms", "0"]));

heading("What was recorded");
await ask("jobs");
await ask("stats", "--job-id", jobId);
heading("Which agents failed, and why");
await ask("ls", "--job-id", jobId, "--event-type", "agent_failed");
heading("One item's way through its retries: all that has its correlation id, from all processes");
const conflict = await mergeConflict();
await ask("ls", "--correlation-id", conflict.correlation_id);

heading("Go on asking: paste this once");
print(`cd ${repository}`);
print(`export PRODIGY_HOME=${home}`);
print(`alias prodigy='node ${program}'`);
heading("and then, for example");
for (const args of [
  ["ls", "--job-id", jobId, "--severity", "error"],
  ["ls", "--job-id", jobId, "--event-type", "dlq_*"],
  ["ls", "--job-id", jobId, "--item-id", brokenItem],
  ["search", conflict.correlation_id.split("/")[0] ?? "", "--count"],
  ["stats", "--group-by", "agent_id", "--top", "5"],
  ["export", "--format", "csv", "--output", "events.csv"],
  ["clean", "--older-than", "30d", "--dry-run"],
]) {
  print(`prodigy events ${args.map(quoted).join(" ")}`);
}
print(`cat ${conflict.event.json_log_location}`);

heading("or, in one line from anywhere");
print(`PRODIGY_HOME=${home} node ${program} events jobs --repo ${basename(repository)}`);
heading("The work itself");
print(`git -C ${repository} show ${jobId}/target:SUMMARY.md`);
print(`\nDone in ${((performance.now() - startedAtMs) / 1000).toFixed(1)} s. To clean up: rm -rf ${folder}`);

/** Follows the job live, as any program may, and sends the orchestrator the signal of Ctrl-C. */
async function interruptAfter(count: number): Promise<void> {
  const over = new AbortController();
  job.once("exit", () => over.abort());
  const store = await openStore({ root: home, cwd: repository });
  let completed = 0;
  for await (const _ of store.follow({ jobId, eventTypes: ["agent_completed"] }, { signal: over.signal })) {
    if (++completed === count) break;
  }
  job.kill("SIGINT");
}

/** The failure of an agent whose merge met another's; its second attempt starts from there and succeeds. */
async function mergeConflict(): Promise<EventRecord> {
  const store = await openStore({ root: home, cwd: repository });
  for await (const record of store.query({ jobId, eventTypes: ["agent_failed"] })) {
    if (record.event.failure_reason === "merge_conflict") return record;
  }
  throw new Error("no merge conflict was recorded");
}

/** Asks the real program and shows the command as one would type it. */
async function ask(...args: string[]): Promise<void> {
  await finished(start("prodigy", program, ["events", ...args]));
}

function start(name: string, script: string, args: string[]) {
  print(`$ ${[name, ...args].map(quoted).join(" ")}`);
  return spawn(process.execPath, [script, ...args], { cwd: repository, env, stdio: "inherit" });
}

async function finished(child: ReturnType<typeof start>, exitCodes = [0]): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  if (!exitCodes.includes(child.exitCode ?? -1)) {
    throw new Error(`the command above ended with ${child.exitCode ?? child.signalCode}`);
  }
  print("");
}

/** The program of this checkout, as its package declares it. */
async function findProgram(): Promise<string> {
  const manifest = createRequire(import.meta.url).resolve("prodigy-events/package.json");
  const { bin } = JSON.parse(await readFile(manifest, "utf8")) as { bin: { prodigy: string } };
  return join(dirname(manifest), bin.prodigy);
}

function quoted(argument: string): string {
  return /^[\w./:=-]+$/.test(argument) ? argument : `'${argument}'`;
}

function heading(text: string): void {
  print(`── ${text}`);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
