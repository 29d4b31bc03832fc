import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { readJob } from "../evidence/read-job.js";
import { startWriter } from "../process/writer-process.js";
import type { RowResult } from "../row.js";
import { refusedJob } from "./refusals.js";

const batchEvents = 10;

/** Events that are acknowledged before somebody removes the store, and after it. */
const eventsBefore = 150;
const eventsAfter = 200;
const pollMs = 2;

/**
 * Removes the whole store under a writer. What was in it is gone, and that is nobody's loss but the remover's; the
 * writer must notice, say so, and keep everything from then on.
 */
export async function removeStore(folder: string): Promise<RowResult> {
  const row = "13 rm -rf of the store under a live writer";
  const store = join(folder, "store");
  const order = { store, ...refusedJob, batchEvents, pauseMs: 3, insists: true, compress: false };
  const writer = startWriter(order);
  const acknowledge = async (count: number): Promise<void> => {
    while (writer.acknowledged() < count && writer.child.exitCode === null) await sleep(pollMs);
  };
  await acknowledge(eventsBefore);
  await rm(store, { recursive: true, force: true, maxRetries: 5 });
  // A batch that was on its way may have been written before the removal and confirmed after it.
  const goneBelow = writer.acknowledged() + 2 * batchEvents;
  await acknowledge(goneBelow + eventsAfter);
  writer.child.stdin?.end("stop\n");
  const { code } = await writer.ended;
  const events = writer.acknowledged();

  const failures: string[] = [];
  const require = (holds: boolean, what: string): void => {
    if (!holds) failures.push(`${row}: ${what}`);
  };
  require(code === 0, `the writer ended with ${code}: ${writer.stderr()}`);
  require(writer.problems().includes("SEGMENT_ABANDONED"), "nobody was told that the segment is gone");
  require(writer.end()?.written === events, `the end: ${JSON.stringify(writer.end())}`);
  const content = await readJob(store, refusedJob.repo, refusedJob.jobId);
  const counts = content.byProducer.get(writer.producerId() ?? "");
  const missing = counts?.missingBelow(events) ?? [];
  const lost = missing.filter((sequence) => sequence >= goneBelow).length;
  require(content.invented === 0, `${content.invented} records that nobody logged`);
  return {
    ...{ row, n: 1, acked: events - goneBelow, lost, dup: counts?.repeated ?? 0, failures },
    figures: { removedWithTheStore: missing.length - lost },
  };
}
