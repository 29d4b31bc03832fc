import { setTimeout as sleep } from "node:timers/promises";
import { chanceFrom } from "../chance/chance.js";
import { followedOf } from "../evidence/followed.js";
import { lossOf } from "../evidence/loss.js";
import { readLiveAndArchive } from "../evidence/read-job.js";
import { sumOf } from "../evidence/sum.js";
import { startFollower } from "../process/follower-process.js";
import { startWriter, type WriterProcess } from "../process/writer-process.js";
import type { Mode, Row, RowContext, RowResult } from "../row.js";
import { type Cleaned, cleanContinually } from "./clean-continually.js";

const writersAtOnce = 8;
/** How much longer it goes on for clean to find something, on a machine that has much else to do. */
const patienceMs = 60_000;

const job = { repo: "crowd", jobId: "job" };

/** How the crowd is kept busy. */
interface Measure {
  readonly durationMs: number;
  /** It goes on, past its duration, until so many events are acknowledged. */
  readonly leastEvents: number;
  readonly killEveryMs: number;
  readonly cleanEveryMs: number;
  /** How long a segment was closed before clean may take it. */
  readonly closedAgeMs: number;
  /** Events of a writer between two flushes. */
  readonly batchEvents: number;
}

const measures: Record<Mode, Measure> = {
  quick: {
    ...{ durationMs: 15_000, leastEvents: 0, batchEvents: 25 },
    ...{ killEveryMs: 1_000, cleanEveryMs: 1_000, closedAgeMs: 4_000 },
  },
  full: {
    ...{ durationMs: 60_000, leastEvents: 1_000_000, batchEvents: 60 },
    ...{ killEveryMs: 1_000, cleanEveryMs: 2_000, closedAgeMs: 15_000 },
  },
};

/** Matrix row 10. */
export const crowdRow: Row = {
  id: "10",
  title: "8 writers, some killed, with rotation, compression, clean and follow at once",
  modes: ["quick", "full"],
  run: (context) => runCrowd(measures[context.mode], context),
};

async function runCrowd(measure: Measure, { directory, seed, log }: RowContext): Promise<RowResult> {
  const store = `${directory}/store`;
  const chance = chanceFrom(seed);
  const order = {
    store,
    ...job,
    batchEvents: measure.batchEvents,
    pauseMs: 20,
    maxSegmentBytes: 65_536,
    durability: "flush",
  } as const;
  const writers: WriterProcess[] = [];
  const live: WriterProcess[] = [];
  const start = (): void => {
    const writer = startWriter(order);
    writers.push(writer);
    live.push(writer);
  };
  const follower = startFollower({ store, ...job });
  const cleaned: Cleaned = { cleans: 0, removedSegments: 0, archivedRecords: 0, failures: [] };
  const over = new AbortController();
  const cleaning = cleanContinually({ store, repo: job.repo }, measure, cleaned, over.signal);
  // A clean that throws is told of when it is waited for.
  cleaning.catch(() => undefined);
  const acknowledgedSoFar = (): number => sumOf(writers, (writer) => writer.acknowledged());
  try {
    await follower.following;
    while (live.length < writersAtOnce) start();
    const endsAtMs = Date.now() + measure.durationMs;
    let kills = 0;
    const isEnough = (): boolean =>
      acknowledgedSoFar() >= measure.leastEvents &&
      (cleaned.removedSegments > 0 || Date.now() > endsAtMs + patienceMs);
    while (Date.now() < endsAtMs || !isEnough()) {
      await sleep(measure.killEveryMs);
      const [victim] = live.splice(chance.below(live.length), 1);
      victim?.child.kill("SIGKILL");
      kills += 1;
      start();
      if (kills % 15 === 0) log(`${acknowledgedSoFar()} events acknowledged, ${kills} writers killed`);
    }
    for (const [index, { child }] of live.entries()) {
      if (index % 2 === 0) child.kill("SIGKILL");
      else child.stdin?.end("stop\n");
    }
    await Promise.all(writers.map(({ ended }) => ended));
    over.abort();
    await cleaning;
    const followed = await follower.stop();
    return await judge(store, writers, followed, cleaned, kills);
  } finally {
    over.abort();
    follower.kill();
    for (const { child } of writers) child.kill("SIGKILL");
  }
}

async function judge(
  store: string,
  writers: readonly WriterProcess[],
  followed: Awaited<ReturnType<ReturnType<typeof startFollower>["stop"]>>,
  cleaned: Cleaned,
  kills: number,
): Promise<RowResult> {
  const acknowledged = new Map(
    writers.map((writer) => [writer.producerId() ?? "none", writer.acknowledged()] as const),
  );
  const failures = [...cleaned.failures];
  const require = (holds: boolean, what: string): void => {
    if (!holds) failures.push(what);
  };
  for (const writer of writers) {
    const isQuiet = writer.child.signalCode === "SIGKILL" || writer.child.exitCode === 0;
    require(isQuiet, `a writer ended with ${writer.child.exitCode}: ${writer.stderr()}`);
  }
  const content = await readLiveAndArchive(store, job.repo, job.jobId);
  const loss = lossOf(acknowledged, content);
  const { malformed, unreadable, pending, torn } = content.report;
  require(malformed + unreadable + pending ===
    0, `${malformed} malformed, ${unreadable} unreadable, ${pending} pending`);
  require(cleaned.removedSegments > 0, "clean found nothing to archive");
  const { missed, missedUntold, repeated } = followedOf(acknowledged, followed);
  require(missedUntold === 0, `follow missed ${missedUntold} records without a word`);
  require(repeated === 0, `follow gave ${repeated} records twice`);
  require(followed.invented === 0, `follow gave ${followed.invented} records that nobody logged`);
  const gapsReported = sumOf(
    followed.gaps,
    ({ fromSequence = 0, toSequence = fromSequence }) => toSequence - fromSequence + 1,
  );
  require(missed > 0 || gapsReported === 0, `follow told of ${gapsReported} missing records that then came`);
  require(followed.outOfOrder === 0, `follow gave ${followed.outOfOrder} records out of order`);
  return {
    row: "10 8 writers + rotation + gzip + clean + follow",
    n: writers.length,
    ...{ acked: loss.acked, lost: loss.lost, dup: loss.dup },
    failures: [...loss.failures, ...failures],
    figures: {
      gapsReported,
      gapsActual: missed,
      followed: followed.records,
      followMissed: missed,
      killed: kills,
      torn,
      cleans: cleaned.cleans,
      archived: cleaned.archivedRecords,
    },
  };
}
