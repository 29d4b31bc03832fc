import { limits } from "../limits.js";
import type { WriterLane } from "../queue/writer-lane.js";
import { Deadline } from "./deadline.js";

/**
 * Has every lane begin to open its writer, and waits for the first answers of the required ones, so that problems
 * surface early: for at most `limits.openTimeoutMs`. Returns those that have not answered by then. Each goes on
 * opening, and its events wait.
 */
export async function openLanes(lanes: readonly WriterLane[]): Promise<WriterLane[]> {
  const silent = new Set<WriterLane>();
  const answers = lanes.map(async (lane) => {
    if (lane.isRequired) silent.add(lane);
    const answer = lane.open();
    if (!lane.isRequired) return;
    await answer;
    silent.delete(lane);
  });
  const deadline = new Deadline(limits.openTimeoutMs);
  await Promise.race([Promise.all(answers), deadline.passed]);
  deadline.clear();
  return [...silent];
}
