// Logs to a segment writer and to one whose first write never ends, and says how it went. Usage: dead-sink.js ORDER (JSON)
import { monitorEventLoopDelay, performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { createEventLogger } from "@prodigy-events/logger";
import { type EventWriter, segmentWriter } from "@prodigy-events/writer";
import type { DeadSinkOrder, DeadSinkReport } from "./dead-sink-order.js";
import { stepOf } from "./writer-order.js";

/** Events are logged in bursts, as a job does that has something to say. */
const perBurst = 1_000;

/** The first calls of a process run uncompiled code; what is timed begins behind them. */
const warmUpCalls = 5_000;

/** Calls beyond these are not timed one by one; a fixed array keeps the measurement out of the memory measured. */
const maxTimed = 2_000_000;

/** How often the event loop is asked whether it goes on, in milliseconds. */
const stallResolutionMs = 5;

const never = new Promise<void>(() => undefined);
const deadWriter: EventWriter = {
  name: "dead",
  required: false,
  write: () => never,
  flush: () => never,
  close: () => never,
};

const order = JSON.parse(process.argv[2] ?? "{}") as DeadSinkOrder;
const { store, repo, jobId, durationMs, rate, maxQueuedEvents } = order;
const logger = await createEventLogger({
  ...{ store, repo, jobId, maxQueuedEvents },
  writers: [segmentWriter({ durability: "flush", maxSegmentBytes: 10_000_000 }), deadWriter],
  onError: () => undefined,
});

/** How long the process answered nobody, bursts included. */
const stalls = monitorEventLoopDelay({ resolution: stallResolutionMs });
stalls.enable();
const times = new Float32Array(maxTimed);
let timed = 0;
let logged = 0;
let maxDeadQueued = 0;
let rssEarly = 0;
const startedAt = performance.now();
for (;;) {
  const elapsedMs = performance.now() - startedAt;
  if (elapsedMs >= durationMs) break;
  if (rssEarly === 0 && elapsedMs > durationMs / 4) rssEarly = process.memoryUsage.rss();
  for (let count = 0; count < perBurst; count += 1) {
    const event = {
      event_type: "agent_progress",
      agent_id: "a",
      step: stepOf(logged),
      progress_pct: 0,
    } as const;
    const before = performance.now();
    logger.log(event);
    if (logged >= warmUpCalls && timed < maxTimed) times[timed++] = performance.now() - before;
    logged += 1;
  }
  maxDeadQueued = Math.max(maxDeadQueued, logger.stats().writers.dead?.queued ?? 0);
  await sleep((1_000 * perBurst) / rate);
}
stalls.disable();
const rssLate = process.memoryUsage.rss();
const shutdownAt = performance.now();
await logger.shutdown({ timeoutMs: 2_000 });
const { segment, dead } = logger.stats().writers;
const sorted = times.subarray(0, timed).sort();
const quantileUs = (share: number): number =>
  Math.round((sorted[Math.min(timed - 1, Math.floor(timed * share))] ?? 0) * 10_000) / 10;
const stallOf = (nanoseconds: number): number =>
  Math.max(0, Math.round(nanoseconds / 1e6 - stallResolutionMs));
const sum = (dropped: Readonly<Record<string, number>> = {}): number =>
  Object.values(dropped).reduce((total, count) => total + count, 0);
const report: DeadSinkReport = {
  ...{ producerId: logger.producerId, logged, written: segment?.written ?? 0 },
  livingDropped: sum(segment?.dropped),
  deadQueued: dead?.queued ?? 0,
  deadDropped: sum(dead?.dropped),
  ...{ maxDeadQueued, rssEarly, rssLate },
  ...{ p50Us: quantileUs(0.5), p99Us: quantileUs(0.99), maxUs: quantileUs(1) },
  stallP99Ms: stallOf(stalls.percentile(99)),
  stallMaxMs: stallOf(stalls.max),
  shutdownMs: Math.round(performance.now() - shutdownAt),
};
process.stdout.write(`${JSON.stringify(report)}\n`, () => process.exit(0));
