import { rm } from "node:fs/promises";
import { join } from "node:path";
import { createEventLogger } from "@prodigy-events/logger";
import type { Chance } from "../chance/chance.js";
import { type Loss, lossOf } from "../evidence/loss.js";
import { readLiveAndArchive } from "../evidence/read-job.js";
import type { CleanerProcess } from "../process/cleaner-process.js";
import type { CleanAnswer } from "../programs/clean-order.js";
import { stepOf } from "../programs/writer-order.js";

const repo = "races";

/** Events that are there before the cleans begin, and that are logged while they are at work. */
const eventsBefore = 300;
const eventsMeanwhile = 100;
const maxSegmentBytes = 16_384;

/** What one race came to. */
export interface CleanRace extends Loss {
  /** Cleans that were carried out, or found nothing to do. */
  readonly winners: number;
  readonly locked: number;
  /** Pairs of cleans that changed the job at the same time. */
  readonly overlaps: number;
  /** Cleans that stopped, such as at a file of the plan that the writer had renamed or removed meanwhile. */
  readonly stopped: number;
  /** Records that were both in the store and in the archive when the cleans had ended. */
  readonly inBoth: number;
}

/** Several processes clean a job at once, while its writer rotates and compresses and a second writer begins. */
export async function runCleanRace(
  folder: string,
  round: number,
  cleaners: readonly CleanerProcess[],
  chance: Chance,
): Promise<CleanRace> {
  const store = join(folder, `round-${round}`);
  const jobId = "job";
  const open = () => createEventLogger({ store, repo, jobId, maxSegmentBytes, durability: "flush" });
  const logger = await open();
  let late: Awaited<ReturnType<typeof open>> | undefined;
  const log = (to: typeof logger, count: number): void => {
    for (let nth = 0; nth < count; nth += 1) {
      const step = stepOf(to.stats().logged);
      to.log({ event_type: "agent_progress", agent_id: "a", step, progress_pct: 0 });
    }
  };
  for (let batch = 0; batch < 10; batch += 1) {
    log(logger, eventsBefore / 10);
    await logger.flush();
  }
  const cleaning = cleaners.map((cleaner) => cleaner.clean({ store, repo, jobId }));
  const writing = (async () => {
    await new Promise((resolve) => setTimeout(resolve, chance.below(20)));
    late = await open();
    for (const writer of [logger, late]) {
      log(writer, eventsMeanwhile);
      await writer.flush();
    }
  })();
  const answers = await Promise.all(cleaning);
  await writing;
  await Promise.all([logger, late].map((writer) => writer?.shutdown()));

  const acknowledged = new Map([
    [logger.producerId, eventsBefore + eventsMeanwhile],
    [late?.producerId ?? "", eventsMeanwhile],
  ]);
  const { lost, dup: inBoth } = lossOf(acknowledged, await readLiveAndArchive(store, repo, jobId));
  const next = await cleaners[0]?.clean({ store, repo, jobId });
  const content = await readLiveAndArchive(store, repo, jobId);
  const loss = lossOf(acknowledged, content);
  const overlaps = countOverlaps(answers);
  const failures = [...loss.failures, ...answers.flatMap(badAnswer)];
  if (lost > 0) failures.push(`${lost} records were neither in the store nor in the archive`);
  if (inBoth > 0) failures.push(`${inBoth} records were both in the store and in the archive`);
  if (next === undefined || next.code !== undefined || next.failed.length > 0) {
    failures.push(`the next clean was not carried out: ${JSON.stringify(next)}`);
  }
  if (overlaps > 0) failures.push(`${overlaps} pairs of cleans changed the job at the same time`);
  const { malformed, unreadable } = content.report;
  if (malformed + unreadable > 0) failures.push(`${malformed} malformed, ${unreadable} unreadable`);
  await rm(store, { recursive: true });
  return {
    ...loss,
    failures: failures.map((failure) => `round ${round}: ${failure}`),
    winners: answers.filter(({ code }) => code === undefined).length,
    locked: answers.filter(({ code }) => code === "LOCKED").length,
    overlaps,
    stopped: answers.filter(({ failed }) => failed.length > 0).length,
    inBoth,
  };
}

/** Being locked out is an answer; everything else that kept a clean from its work is none. */
function badAnswer({ code, message, failed }: CleanAnswer): string[] {
  if (code === "LOCKED") return [];
  if (code !== undefined) return [`a clean threw: ${message}`];
  return failed.map((failure) => `a clean failed at ${failure}`);
}

function countOverlaps(answers: readonly CleanAnswer[]): number {
  const held = answers
    .filter(({ heldFrom, heldTo }) => heldFrom !== "" && heldTo !== "")
    .map(({ heldFrom, heldTo }) => ({ from: BigInt(heldFrom), to: BigInt(heldTo) }));
  let overlaps = 0;
  for (const [index, a] of held.entries()) {
    for (const b of held.slice(index + 1)) if (a.from < b.to && b.from < a.to) overlaps += 1;
  }
  return overlaps;
}
