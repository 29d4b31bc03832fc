// Logs events, has some acknowledged, and ends as told, without shutting its logger down. Usage: ender.js ORDER (JSON)
import { pbkdf2 } from "node:crypto";
import { writeSync } from "node:fs";
import { createEventLogger } from "@prodigy-events/logger";
import type { EndOrder, EndReport } from "./end-order.js";
import { stepOf } from "./writer-order.js";

/** Keeps a thread of the pool busy for some tenths of a second. */
const hashRounds = 300_000;
const poolThreads = 4;

/** Each of them logs more than a batch holds before it gives way. */
const bursts = 4;

const { store, repo, jobId, how, state, acknowledged, events } = JSON.parse(
  process.argv[2] ?? "{}",
) as EndOrder;
const logger = await createEventLogger({ store, repo, jobId, handleSignals: how.startsWith("SIG") });
const logUpTo = (end: number): void => {
  for (let sequence = logger.stats().logged; sequence < end; sequence += 1) {
    logger.log({ event_type: "agent_progress", agent_id: "a", step: stepOf(sequence), progress_pct: 0 });
  }
};
logUpTo(acknowledged);
await logger.flush();
if (state === "thread pool busy") {
  for (let thread = 0; thread < poolThreads; thread += 1) {
    pbkdf2("x", "y", hashRounds, 64, "sha512", () => undefined);
  }
}
if (state === "after bursts") {
  for (let burst = 1; burst < bursts; burst += 1) {
    logUpTo(acknowledged + Math.floor(((events - acknowledged) * burst) / bursts));
    await new Promise((resolve) => setImmediate(resolve));
  }
} else {
  logUpTo(acknowledged + Math.floor((events - acknowledged) / 2));
  if (state !== "idle") {
    logger.flush().catch(() => undefined);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
logUpTo(events);
const report: EndReport = { producerId: logger.producerId, queued: logger.stats().queued };
writeSync(1, `${JSON.stringify(report)}\n`);

if (how === "process.exit") process.exit(3);
else if (how === "throw") throw new Error("thrown on purpose");
else if (how === "rejection") Promise.reject(new Error("rejected on purpose"));
else if (how === "stack overflow") overflow(0);
else if (how === "abort") process.abort();
else if (how === "out of memory") fillMemory();
else if (how !== "natural end") {
  setInterval(() => undefined, 60_000);
  process.kill(process.pid, how);
}

/** Asks for the time, so that no compiler can do without the calls. */
function overflow(depth: number): number {
  return overflow(depth + 1) + process.uptime();
}

function fillMemory(): void {
  const hoard: string[][] = [];
  for (;;) hoard.push(Array.from({ length: 10_000 }, (_, index) => `${index} ${hoard.length}`));
}
