import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openStore } from "@prodigy-events/query";
import { listSegments } from "@prodigy-events/storage";
import { lossOf } from "../evidence/loss.js";
import { readJob } from "../evidence/read-job.js";
import { cliPath } from "../process/program-path.js";
import { runCommand } from "../process/run-command.js";
import { startWriter } from "../process/writer-process.js";
import type { Row, RowResult } from "../row.js";
import { findFaketime } from "./find-faketime.js";

const dayMs = 86_400_000;

/** How the system's clock is set, one time after the other, and how far from the true time records are then dated. */
interface Movement {
  readonly title: string;
  /** Offsets from the true time, as libfaketime takes them. */
  readonly offsets: readonly string[];
  readonly leastDays: number;
}

/** A producer's times never go back: after a step back it goes on with the last one. */
const movements: readonly Movement[] = [
  { title: "a step back of an hour", offsets: ["+0", "-1h"], leastDays: 0 },
  { title: "a jump of a year", offsets: ["+0", "+1y"], leastDays: 364 },
  { title: "a year and back", offsets: ["+0", "+1y", "+0"], leastDays: 364 },
];

const repo = "clock";
const jobId = "job";
const events = 600;
const batchEvents = 10;
const maxSegmentBytes = 16_384;
/** Segments for the bytes alone, and as many again: a clock that moves must not make one for every batch. */
const maxSegments = 30;

/** Matrix row 12, in a process whose system has another clock. */
export const systemClockRow: Row = {
  id: "12",
  title: "the system's clock is set while a process writes",
  modes: ["quick", "full"],
  run: async ({ directory, log }) => {
    const library = findFaketime();
    if (library === undefined) {
      const skipped = "libfaketime is not installed (apt-get install faketime)";
      return { row: "12 system clock", n: 0, lost: 0, dup: 0, failures: [], skipped };
    }
    const results: RowResult[] = [];
    for (const [index, movement] of movements.entries()) {
      log(movement.title);
      const folder = join(directory, `clock-${index}`);
      await mkdir(folder);
      results.push(await writeWhileMoving(movement, folder, library));
    }
    return results;
  },
};

async function writeWhileMoving(
  { title, offsets, leastDays }: Movement,
  folder: string,
  library: string,
): Promise<RowResult> {
  const store = join(folder, "store");
  const clockFile = join(folder, "offset");
  await writeFile(clockFile, offsets[0] as string);
  const moves = offsets.slice(1);
  const moving: Promise<void>[] = [];
  const writer = startWriter(
    { store, repo, jobId, events, batchEvents, maxSegmentBytes, compress: true, pauseMs: 2 },
    {
      env: {
        ...process.env,
        LD_PRELOAD: library,
        FAKETIME_DONT_FAKE_MONOTONIC: "1",
        FAKETIME_NO_CACHE: "1",
        FAKETIME_TIMESTAMP_FILE: clockFile,
      },
      onMessage: (message) => {
        const due = ((offsets.length - moves.length) * events) / offsets.length;
        if (message.say !== "acknowledged" || message.events < due) return;
        const offset = moves.shift();
        if (offset !== undefined) moving.push(writeFile(clockFile, offset));
      },
    },
  );
  const { code } = await writer.ended;
  await Promise.all(moving);
  const failures: string[] = [];
  if (code !== 0) failures.push(`the writer ended with ${code}: ${writer.stderr().slice(-200)}`);
  if (moves.length > 0) failures.push(`the clock was not set ${moves.length} times`);

  const content = await readJob(store, repo, jobId);
  const loss = lossOf(new Map([[writer.producerId() ?? "", writer.acknowledged()]]), content);
  if (content.outOfOrder > 0) failures.push(`${content.outOfOrder} records out of order`);
  const segments = await listSegments(writer.directory() ?? "");
  const created = segments.map(({ createdAtMs = 0 }) => createdAtMs);
  if (new Set(created).size < created.length) failures.push("two segments have the same time");
  if (segments.length > maxSegments) failures.push(`${segments.length} segments`);
  const timestamps = await timestampsOf(store);
  const spanDays = (Date.parse(timestamps.at(-1) ?? "") - Date.parse(timestamps[0] ?? "")) / dayMs;
  if (!(spanDays >= leastDays)) failures.push(`the records span ${spanDays} days`);
  failures.push(...(await askSince(store, timestamps)));
  return {
    row: `12 system clock, ${title}`,
    ...{ n: 1, acked: loss.acked, lost: loss.lost, dup: loss.dup },
    failures: [...loss.failures, ...failures],
    figures: { segments: segments.length, spanDays: Math.round(spanDays) },
  };
}

async function timestampsOf(store: string): Promise<string[]> {
  const timestamps: string[] = [];
  for await (const { timestamp } of (await openStore({ root: store, repo, local: false })).query()) {
    timestamps.push(timestamp);
  }
  return timestamps;
}

/** The program must find from each of some instants on what a comparison of all timestamps finds. */
async function askSince(store: string, timestamps: readonly string[]): Promise<string[]> {
  const borders = [0.1, 0.5, 0.9].map((share) => timestamps[Math.floor(timestamps.length * share)] ?? "");
  const failures: string[] = [];
  for (const border of borders) {
    const command = ["ls", "--store", store, "--repo", repo, "--since", border, "--output-format", "ndjson"];
    const found = (await runCommand(process.execPath, cliPath(), ...command)).split("\n").length - 1;
    const expected = timestamps.filter((timestamp) => timestamp >= border).length;
    if (found !== expected) failures.push(`--since ${border} gives ${found} records, not ${expected}`);
  }
  return failures;
}
