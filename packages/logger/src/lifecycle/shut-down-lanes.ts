import type { ShutdownReport } from "../event-logger.js";
import type { WriterLane } from "../queue/writer-lane.js";
import { furthestBehind, lanesStats } from "../stats.js";
import { Deadline } from "./deadline.js";

/**
 * Writes what the lanes have queued and closes their writers, for at most `timeoutMs`. A required lane goes on
 * trying until then; another one gets the attempt under way, and the next, but holds nobody up by failing.
 */
export async function shutDownLanes(lanes: readonly WriterLane[], timeoutMs: number): Promise<void> {
  const deadline = new Deadline(timeoutMs);
  const drained = lanes.map((lane) => lane.flush(lane.isRequired).done.catch(() => undefined));
  await Promise.race([Promise.all(drained), deadline.passed]);
  // After the deadline too: descriptors are to be released, only nobody waits for that any more.
  await Promise.race([Promise.all(lanes.map((lane) => lane.close())), deadline.passed]);
  deadline.clear();
}

/**
 * What became of the events, as seen by the decisive lane that is furthest behind. `unqueued` events were dropped
 * before they came to any lane.
 */
export function shutdownReport(lanes: readonly WriterLane[], unqueued: number): ShutdownReport {
  const backlog = furthestBehind(lanes)?.backlog;
  const dropped = [...(backlog?.dropped.values() ?? [])].reduce((sum, count) => sum + count, unqueued);
  return {
    written: backlog?.writtenEvents ?? 0,
    dropped,
    unwritten: backlog?.queuedEvents ?? 0,
    writers: lanesStats(lanes),
  };
}
