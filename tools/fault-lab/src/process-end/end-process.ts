import { spawn } from "node:child_process";
import { lossOf } from "../evidence/loss.js";
import { readJob } from "../evidence/read-job.js";
import { programPath } from "../process/program-path.js";
import type { EndOrder, EndReport, ProcessEnd } from "../programs/end-order.js";

/** How each end looks from outside: ours must not change it. `undefined`: whatever Node makes of it. */
const outcomes: Record<ProcessEnd, number | NodeJS.Signals | undefined> = {
  "natural end": 0,
  "process.exit": 3,
  throw: 1,
  rejection: 1,
  "stack overflow": undefined,
  SIGTERM: "SIGTERM",
  SIGINT: "SIGINT",
  SIGHUP: "SIGHUP",
  "out of memory": "SIGABRT",
  abort: "SIGABRT",
  SIGKILL: "SIGKILL",
};

/** Ends that no code can answer: what is still queued is lost, and nothing else. */
const abrupt: ReadonlySet<ProcessEnd> = new Set(["out of memory", "abort", "SIGKILL"]);

/** What one process left. */
export interface EndedProcess {
  readonly acked: number;
  readonly survivors: number;
  /** Events that were not yet written when the end came. */
  readonly queued: number;
  readonly lost: number;
  readonly dup: number;
  readonly failures: readonly string[];
}

/** Runs a process to its end as ordered and reads back what it left. */
export async function endProcess(order: EndOrder, cwd: string): Promise<EndedProcess> {
  const { how, state, store, repo, jobId, events } = order;
  const heap = how === "out of memory" ? ["--max-old-space-size=48"] : [];
  const child = spawn(process.execPath, [...heap, programPath("ender.js"), JSON.stringify(order)], {
    cwd,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const outcome = await new Promise((resolve) => {
    child.once("close", (code, signal) => resolve(signal ?? code));
  });
  const failures: string[] = [];
  const require = (holds: boolean, what: string): void => {
    if (!holds) failures.push(`${how}, ${state}: ${what}`);
  };
  const expected = outcomes[how];
  const isExpected = expected === undefined ? outcome !== 0 : outcome === expected;
  require(isExpected, `ended with ${outcome}, not ${expected ?? "an error"}: ${stderr.slice(-500)}`);
  const { producerId, queued } = JSON.parse(stdout || '{"producerId":"","queued":0}') as EndReport;
  const content = await readJob(store, repo, jobId);
  const safe = abrupt.has(how) ? order.acknowledged : events;
  const loss = lossOf(new Map([[producerId, safe]]), content);
  const survivors = content.byProducer.get(producerId)?.distinct ?? 0;
  require(content.byProducer.get(producerId)?.end === survivors, "survivors are not the first ones");
  const unread = events - survivors;
  require(unread <= queued, `${unread} of ${events} events were lost, of which ${queued} were queued`);
  return {
    ...{ acked: safe, survivors, queued, lost: loss.lost, dup: loss.dup },
    failures: [...failures, ...loss.failures.map((failure) => `${how}, ${state}: ${failure}`)],
  };
}
