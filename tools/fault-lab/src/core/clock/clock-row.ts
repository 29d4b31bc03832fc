import { createEventLogger } from "@prodigy-events/logger";
import { openStore, type QueryInput } from "@prodigy-events/query";
import { listSegments } from "@prodigy-events/storage";
import { fakeClock } from "@prodigy-events/test-kit";
import type { Row, RowContext, RowResult } from "../../row.js";
import { Failures } from "../failures.js";
import { type Random, randomOf } from "../random.js";
import { simulatedFileSystem } from "../simulation/simulated-file-system.js";
import { firstRecordMs, jobId, repo } from "../test-records.js";

const hourMs = 3_600_000;
const yearMs = 365 * 24 * hourMs;
const root = "/store";
const eventsPerRun = 60;

/** How the clock moves after each event, in milliseconds. */
type Movement = (event: number, random: Random) => number;

const movements: Readonly<Record<string, Movement>> = {
  "a step back of an hour": (event) => (event === 30 ? -hourMs : 5),
  "a jump of a year": (event) => (event === 30 ? yearMs : 5),
  "a jump of a year and back": (event) => (event === 20 ? yearMs : event === 40 ? -yearMs : 5),
  "a clock that stands still": () => 0,
  "a clock that always runs back": () => -1_000,
  "an hour back and forth with every event": (event) => (event % 2 === 0 ? hourMs : -hourMs),
};

const randomMovement: Movement = (_, random) =>
  random.pick([0, 1, 3, 1_000, -1, -1_000, hourMs, -hourMs, yearMs, -yearMs]);

const randomRuns = { quick: 100, full: 3_000 } as const;

async function run({ mode, seed }: RowContext): Promise<RowResult> {
  const failures = new Failures();
  const totals = { n: 0, lost: 0, dup: 0 };
  const attempt = async (title: string, movement: Movement, random: Random): Promise<void> => {
    const { texts, lost, dup } = await logWhileMoving(movement, random);
    totals.n += 1;
    totals.lost += lost;
    totals.dup += dup;
    for (const text of texts) failures.add(`${text} [${title}, seed ${seed}]`);
  };
  for (const [title, movement] of Object.entries(movements)) await attempt(title, movement, randomOf(seed));
  for (let number = 0; number < randomRuns[mode]; number += 1) {
    await attempt(`random clock ${number}`, randomMovement, randomOf(seed, number));
  }
  const { n, lost, dup } = totals;
  return { row: "12", n, lost, dup, failures: failures.lines, seed };
}

/** Logs events with rotation by size and age while the clock moves, and reads them in several ways. */
async function logWhileMoving(
  movement: Movement,
  random: Random,
): Promise<{ texts: string[]; lost: number; dup: number }> {
  const { fs } = simulatedFileSystem();
  await fs.mkdir(root, 0o700);
  const clock = fakeClock(firstRecordMs + 2 * yearMs);
  const logger = await createEventLogger({
    ...{ store: root, repo, jobId, env: {}, cwd: "/", fs, clock, maxSegmentBytes: 4_000 },
    ...{ maxSegmentAgeMs: 2 * hourMs, onError: () => undefined },
  });
  for (let event = 0; event < eventsPerRun; event += 1) {
    logger.log({ event_type: "checkpoint_created", version: event, agents_completed: 0 });
    clock.advance(movement(event, random));
    if (random.chance(0.2)) await logger.flush();
  }
  await logger.shutdown();

  const texts: string[] = [];
  const created = (await listSegments(logger.directory, fs)).map(
    ({ createdAtMs = Number.NaN }) => createdAtMs,
  );
  const isAscending = created.every((ms, index) => index === 0 || ms > created[index - 1]!);
  if (!isAscending) texts.push(`segment times are not unique and ascending: ${created.join(" ")}`);

  const ask = async (question: QueryInput): Promise<{ sequence: number; timestamp: string }[]> => {
    const store = await openStore({
      root,
      repo,
      local: false,
      cwd: "/",
      env: {},
      fs,
      now: () => clock.now(),
    });
    const found: { sequence: number; timestamp: string }[] = [];
    for await (const { metadata, timestamp } of store.query(question)) {
      found.push({ sequence: metadata.sequence ?? -1, timestamp });
    }
    return found;
  };
  const all = await ask({});
  const sequences = all.map(({ sequence }) => sequence);
  const lost = eventsPerRun - new Set(sequences).size;
  const dup = sequences.length - new Set(sequences).size;
  if (lost + dup > 0 || sequences.some((sequence, index) => sequence !== index)) {
    texts.push(`R2: not in order: ${sequences.join(" ")}`);
  }
  if (all.some(({ timestamp }, index) => index > 0 && timestamp < all[index - 1]!.timestamp)) {
    texts.push("R2: times decrease");
  }
  const border = all[random.below(all.length)]?.timestamp ?? "";
  const later = await ask({ since: border });
  const expected = all.filter(({ timestamp }) => timestamp >= border);
  if (later.length !== expected.length)
    texts.push(`since ${border} gives ${later.length}, not ${expected.length}`);
  const newest = await ask({ limit: 7 });
  if (newest.map(({ sequence }) => sequence).join() !== sequences.slice(-7).join()) {
    texts.push(`the newest 7 are ${newest.map(({ sequence }) => sequence).join()}`);
  }
  return { texts, lost, dup };
}

/** Row 12: clocks that jump. */
export const clockRow: Row = {
  id: "12",
  title: "a clock that steps back, jumps and stands still",
  modes: ["quick", "full"],
  run,
};
