import { setTimeout as sleep } from "node:timers/promises";
import { recoverDirectory } from "@prodigy-events/writer";
import type { Chance } from "../chance/chance.js";
import { directoryState } from "../evidence/directory-state.js";
import { type Loss, lossOf } from "../evidence/loss.js";
import { readJob } from "../evidence/read-job.js";
import { startWriter } from "../process/writer-process.js";
import type { WriterOrder } from "../programs/writer-order.js";

/** Latest moment of a kill, after the writer has opened its logger: some rotations and compressions fit in. */
const longestLifeMs = 90;

/** Bounds of the size at which files of writers with torn tails end. */
const smallestFileBytes = 5_000;
const largestFileBytes = 60_000;

/** One in so many is killed at any time from its start, before it has opened its logger too. */
const earlyShare = 8;
const longestStartMs = 250;

/** Writers that live at the same time. */
const parallel = 2;

/** What a round of kills found. */
export interface KillRound extends Loss {
  readonly kills: number;
  readonly torn: number;
  readonly tornReported: number;
  readonly temporaries: number;
  readonly both: number;
  readonly segments: number;
}

/**
 * Kills so many writers of one job at random points, reads back, recovers, and reads back again. With `tearsTails` the
 * kernel lets their files grow to some random size only, so that their last write is cut off in the middle of a line: a
 * kill hits that moment too rarely.
 */
export async function killRound(
  order: WriterOrder,
  kills: number,
  chance: Chance,
  tearsTails: boolean,
): Promise<KillRound> {
  const acknowledged = new Map<string, number>();
  let directory: string | undefined;
  const killOne = async (isEarly: boolean, lifeMs: number): Promise<void> => {
    const limit = smallestFileBytes + chance.below(largestFileBytes - smallestFileBytes);
    const writer = startWriter(order, tearsTails ? { wrapper: ["prlimit", `--fsize=${limit}`] } : {});
    if (!isEarly) await writer.opened;
    await sleep(lifeMs);
    writer.child.kill("SIGKILL");
    const { signal } = await writer.ended;
    if (signal !== "SIGKILL") throw new Error(`a writer ended by itself: ${writer.stderr()}`);
    const producerId = writer.producerId();
    if (producerId !== undefined) acknowledged.set(producerId, writer.acknowledged());
    directory ??= writer.directory();
  };
  const lane = async (count: number): Promise<void> => {
    for (let kill = 0; kill < count; kill += 1) {
      const isEarly = chance.below(earlyShare) === 0;
      await killOne(isEarly, chance.below(isEarly ? longestStartMs : longestLifeMs));
    }
  };
  await Promise.all(Array.from({ length: parallel }, (_, index) => lane(shareOf(kills, index))));
  if (directory === undefined) throw new Error("no writer of the round came so far as to open its logger");
  return judge(order, kills, directory, acknowledged);
}

function shareOf(kills: number, index: number): number {
  return Math.floor(kills / parallel) + (index < kills % parallel ? 1 : 0);
}

async function judge(
  { store, repo, jobId }: WriterOrder,
  kills: number,
  directory: string,
  acknowledged: ReadonlyMap<string, number>,
): Promise<KillRound> {
  const before = await directoryState(directory);
  const first = await readJob(store, repo, jobId);
  const loss = lossOf(acknowledged, first);
  const failures = [...loss.failures];
  const require = (holds: boolean, what: string): void => {
    if (!holds) failures.push(`${jobId}: ${what}`);
  };
  const { torn, malformed, pending, unreadable } = first.report;
  require(torn === before.tornFiles, `${before.tornFiles} torn tails, ${torn} reported`);
  require(malformed + pending + unreadable ===
    0, `${malformed} malformed, ${pending} pending, ${unreadable} unreadable`);
  require(first.outOfOrder === 0, `${first.outOfOrder} records out of order`);

  const { left } = await recoverDirectory(directory, { compress: true });
  const after = await directoryState(directory);
  require(left.length === 0, `recovery left ${JSON.stringify(left)}`);
  require(after.temporaries === 0, `${after.temporaries} temporary files after recovery`);
  require(after.both === 0, `${after.both} segments both plain and compressed after recovery`);
  const second = await readJob(store, repo, jobId);
  const isSame = second.report.records === first.report.records && second.report.torn === torn;
  require(isSame, `recovery changed what is read: ${first.report.records} before, ${second.report.records} after`);
  const again = lossOf(acknowledged, second);
  return {
    ...loss,
    lost: Math.max(loss.lost, again.lost),
    dup: Math.max(loss.dup, again.dup),
    failures: failures.concat(again.failures.map((failure) => `after recovery: ${failure}`)),
    kills,
    torn: before.tornFiles,
    tornReported: torn,
    temporaries: before.temporaries,
    both: before.both,
    segments: before.segments,
  };
}
