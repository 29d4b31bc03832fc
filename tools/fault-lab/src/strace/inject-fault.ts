import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { formatSegmentName } from "@prodigy-events/storage";
import { lossOf } from "../evidence/loss.js";
import { readJob } from "../evidence/read-job.js";
import { startWriter } from "../process/writer-process.js";
import type { RowResult } from "../row.js";
import { attachStrace } from "./attach-strace.js";
import type { ExpectedPaths, SystemCallFault } from "./system-call-fault.js";
import { parseTrace, syncedAgainAfterFailure } from "./trace.js";

/** When the clock of the writers stands still; any time would do. */
const stoppedAtMs = Date.UTC(2026, 0, 1);

const events = 400;
const batchEvents = 10;

/** So that 400 events fill several segments. */
const maxSegmentBytes = 30_000;

const syscalls = ["write", "openat", "fsync", "fdatasync", "rename", "unlink", "close"];

/** Runs a writer whose system call fails as told, and looks at what is left. */
export async function injectFault(fault: SystemCallFault, store: string): Promise<RowResult> {
  const job = { store, repo: "strace", jobId: "job" };
  const limits = { events, batchEvents, maxSegmentBytes, pauseMs: 2 };
  const order = { ...job, ...limits, durability: "fsync", insists: true, waits: true, stoppedAtMs } as const;
  const writer = startWriter(order, { env: { ...process.env, UV_THREADPOOL_SIZE: "1" } });
  const producerId = await writer.opened;
  const directory = writer.directory();
  if (producerId === undefined || directory === undefined) throw new Error(`no writer: ${writer.stderr()}`);
  const output = join(store, "trace");
  const strace = await attachStrace({
    pid: writer.child.pid as number,
    syscalls,
    injections: [fault.injection],
    paths: fault.paths(expectedPaths(directory, producerId)),
    output,
  });
  writer.child.stdin?.end("go\n");
  const { code, signal } = await writer.ended;
  await strace.ended;

  const failures: string[] = [];
  const require = (holds: boolean, what: string): void => {
    if (!holds) failures.push(`${fault.title}: ${what}`);
  };
  const calls = parseTrace(await readFile(output, "utf8"));
  const injected = calls.filter(({ isInjected }) => isInjected).length;
  require(injected > 0, "nothing was injected");
  require(code === 0, `the writer ended with ${signal ?? code}: ${writer.stderr()}`);
  const again = syncedAgainAfterFailure(calls);
  require(again.length === 0, `synced again after a failed sync: ${again.join(", ")}`);
  const rejections = writer.rejections();
  require(rejections.length ===
    fault.rejections, `${rejections.length} flushes rejected, not ${fault.rejections}`);
  const error = /error=(\w+)/.exec(fault.injection)?.[1];
  require(rejections.every((rejection) => rejection === error), `rejected with ${rejections.join(", ")}`);
  for (const told of fault.tells) {
    const times = writer.problems().filter((problem) => problem === told).length;
    require(times === 1, `${told} was told ${times} times; told: ${writer.problems().join(", ")}`);
  }
  const end = writer.end();
  require(end?.written === events &&
    end.unwritten === 0 &&
    end.dropped === 0, `the end: ${JSON.stringify(end)}`);
  const content = await readJob(store, job.repo, job.jobId);
  const loss = lossOf(new Map([[producerId, writer.acknowledged()]]), content);
  require(loss.acked === events, `${loss.acked} of ${events} events were acknowledged`);
  const { malformed, pending, unreadable, duplicates } = content.report;
  const damaged = fault.malformed ?? 0;
  require(malformed === damaged, `${malformed} malformed lines reported, not ${damaged}`);
  require(pending + unreadable === 0, `${pending} pending, ${unreadable} unreadable`);
  // Records behind a damaged line come before those that stand, whole, in the next segment.
  require(damaged > 0 || content.outOfOrder === 0, `${content.outOfOrder} records out of order`);
  return {
    ...{ ...loss, row: `${fault.id} ${fault.title}`, n: 1 },
    failures: [...loss.failures, ...failures],
    figures: {
      corruptReported: malformed,
      corruptActual: damaged,
      injected,
      rejections: rejections.length,
      mergedCopies: duplicates,
    },
  };
}

function expectedPaths(directory: string, producerId: string): ExpectedPaths {
  const name = (nth: number): string => formatSegmentName(stoppedAtMs + nth - 1, producerId);
  return {
    directory,
    segment: (nth) => join(directory, name(nth)),
  };
}
