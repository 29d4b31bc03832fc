// Logs events and says on standard output, before it goes on, what is acknowledged. Usage: writer.js ORDER (JSON)
import { closeSync, readdirSync, readlinkSync, writeSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { createEventLogger, FlushError } from "@prodigy-events/logger";
import { stepOf, type WriterMessage, type WriterOrder } from "./writer-order.js";

const order = JSON.parse(process.argv[2] ?? "{}") as WriterOrder;
// Synchronous, so that what was acknowledged is known outside before anything can end this process.
const say = (message: WriterMessage): void => {
  writeSync(1, `${JSON.stringify(message)}\n`);
};

const { store, repo, jobId, stoppedAtMs, batchEvents, events = Number.POSITIVE_INFINITY } = order;
const logger = await createEventLogger({
  ...{ store, repo, jobId },
  durability: order.durability,
  maxSegmentBytes: order.maxSegmentBytes,
  compress: order.compress,
  bufferSize: order.bufferSize,
  maxQueuedEvents: order.maxQueuedEvents,
  ...(stoppedAtMs === undefined ? {} : { clock: { now: () => stoppedAtMs } }),
  fields: { agent_id: `agent-${process.pid}` },
  onError: ({ code, message }) => say({ say: "problem", code, message }),
});
say({ say: "producer", producerId: logger.producerId, directory: logger.directory });
if (order.waits) await new Promise((resolve) => process.stdin.once("data", resolve));
let isStopped = false;
process.stdin.once("data", () => {
  isStopped = true;
  process.stdin.pause();
});
// Waiting to be stopped must not keep this process alive.
(process.stdin as typeof process.stdin & { unref?: () => void }).unref?.();

let logged = 0;
let thrown = 0;
let maxQueued = 0;

async function flushed(): Promise<boolean> {
  try {
    await logger.flush();
    say({ say: "acknowledged", events: logged, atNs: String(process.hrtime.bigint()) });
    return true;
  } catch (error) {
    const code = error instanceof FlushError ? error.code : String(error);
    say({ say: "rejected", code, events: logged });
    return false;
  }
}

function closeSegment(): void {
  for (const descriptor of readdirSync("/proc/self/fd").map(Number)) {
    try {
      if (readlinkSync(`/proc/self/fd/${descriptor}`).endsWith(".jsonl")) closeSync(descriptor);
    } catch {
      // The descriptor of the listing itself, which is closed by now.
    }
  }
}

let batches = 0;
while (logged < events && !isStopped) {
  if (batches === order.closesDescriptorAfter) closeSegment();
  batches += 1;
  for (let count = 0; count < batchEvents && logged < events; count += 1) {
    try {
      logger.log({ event_type: "agent_progress", step: stepOf(logged), progress_pct: logged % 101 });
    } catch {
      // Counted: log() promises never to throw.
      thrown += 1;
    }
    logged += 1;
  }
  maxQueued = Math.max(maxQueued, logger.stats().queued);
  // At once, so that no attempt of the logger's own comes between: every failure is then a rejected flush.
  while (!(await flushed()) && order.insists);
  if (order.pauseMs !== undefined) await sleep(order.pauseMs);
}
const { written, unwritten, dropped } = await logger.shutdown({ timeoutMs: order.shutdownTimeoutMs });
const { retries } = logger.stats();
process.stdin.pause();
say({ say: "end", logged, written, unwritten, dropped, retries, maxQueued, thrown });
