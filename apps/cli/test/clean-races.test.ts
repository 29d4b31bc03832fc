import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { createEventLogger } from "@prodigy-events/logger";
import { openStore } from "@prodigy-events/query";
import {
  applyRetention,
  gatherInventory,
  planRetention,
  restoreArchive,
  scopeOfStore,
} from "@prodigy-events/retention";
import { nodeFileSystem } from "@prodigy-events/storage";
import { faultyFileSystem, temporaryDirectory } from "@prodigy-events/test-kit";
import { sharedFileWriter } from "@prodigy-events/writer";
import { describe, expect, it } from "vitest";
import { outcomeOf, runProgram } from "./support/program.js";

const repo = "many-writers";
const jobId = "raced";
const eventsPerWriter = 60_000;
const program = fileURLToPath(new URL("./programs/log-many.mjs", import.meta.url));

/** A process that logs with rotation at 1 MB and compression; resolves with its producer's id. */
async function logMany(store: string, writer: number): Promise<string> {
  const words = [program, store, jobId, String(writer), String(eventsPerWriter), "50"];
  const { code, stdout, stderr } = await outcomeOf(spawn(process.execPath, words));
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const report = JSON.parse(stdout);
  expect(report).toMatchObject({ written: eventsPerWriter, dropped: 0, unwritten: 0 });
  return report.producerId;
}

/** The records of each producer below some directories, by sequence number, and how many came more than once. */
async function recordsIn(read: Parameters<typeof openStore>[0]) {
  const sequences = new Map<string, Set<number>>();
  let twice = 0;
  for await (const { metadata } of (await openStore(read)).query()) {
    const producer = metadata.producer_id as string;
    const seen = sequences.get(producer) ?? new Set();
    sequences.set(producer, seen);
    if (seen.has(metadata.sequence as number)) twice += 1;
    seen.add(metadata.sequence as number);
  }
  return { sequences, twice };
}

/**
 * Archives all but what came within `keptMs`, as one does that comes two minutes later: without the protection of
 * young segments, so that it meets segments at every stage of rotation and compression. Returns how many it changed.
 */
async function cleanWithoutMercy(store: string, keptMs: number): Promise<number> {
  const nowMs = Date.now() + 120_000;
  const policy = { olderThanMs: 120_000 + keptMs, archive: { directory: `${store}/archive` } };
  const opened = await openStore({ root: store, repo, local: false });
  const inventory = await gatherInventory(await scopeOfStore(opened), policy, { nowMs });
  const report = await applyRetention(planRetention(inventory, policy, nowMs));
  expect(report.conserved).toBe(true);
  for (const { status, error } of report.outcomes) if (status === "failed") expect(error).toBeUndefined();
  return report.totals.done;
}

describe("clean, at work while others log, rotate, compress and clean", () => {
  it("loses and doubles nothing: store and archive together hold every record, and restore brings all back", {
    timeout: 240_000,
  }, async () => {
    const { path: store } = await temporaryDirectory();
    const writers = [logMany(store, 1), logMany(store, 2)];
    const late: Promise<string>[] = [];
    let running = true;
    const finished = Promise.all(writers)
      .then(async (first) => [...first, ...(await Promise.all(late))])
      .finally(() => {
        running = false;
      });

    let cleans = 0;
    let changed = 0;
    let refused = 0;
    while (running) {
      // One that starts in the middle of a clean, and a program that cleans the same store as another process.
      if (cleans === 2) late.push(logMany(store, 3));
      const other =
        cleans % 3 === 1
          ? runProgram(["clean", "--max-events", "100", "--yes", "--all-jobs", "--archive", "--repo", repo], {
              cwd: store,
              store,
            })
          : undefined;
      try {
        changed += await cleanWithoutMercy(store, cleans % 2 === 0 ? 0 : 200);
      } catch (error) {
        expect(error).toMatchObject({ code: "LOCKED" });
        refused += 1;
      }
      cleans += 1;
      const outcome = await other;
      if (outcome?.code === 1) expect(outcome.stderr).toMatch(/is cleaning or restoring in|left alone/);
      else if (outcome !== undefined) expect(outcome.code).toBe(0);
    }
    const producers = await finished;
    expect(cleans).toBeGreaterThan(3);
    expect(changed).toBeGreaterThan(5);
    expect(refused).toBeLessThan(cleans);

    const live = await recordsIn({ root: store, repo, local: false });
    const archived = await recordsIn({ files: [`${store}/archive/${repo}/${jobId}`] });
    expect(live.twice).toBe(0);
    expect(archived.sequences.size).toBeGreaterThan(0);
    for (const producer of producers) {
      const union = new Set([
        ...(live.sequences.get(producer) ?? []),
        ...(archived.sequences.get(producer) ?? []),
      ]);
      expect(union.size).toBe(eventsPerWriter);
    }

    expect(await restoreArchive({ root: store })).toMatchObject({ complete: true });
    const restored = await recordsIn({ root: store, repo, local: false });
    expect(restored.twice).toBe(0);
    expect(new Map([...restored.sequences].map(([producer, { size }]) => [producer, size]))).toEqual(
      new Map(producers.map((producer) => [producer, eventsPerWriter])),
    );
  });
});

it("what was acknowledged of a shared file is not lost when a clean removed it just before the write", async () => {
  const { path: store } = await temporaryDirectory();
  const { fs, add } = faultyFileSystem(nodeFileSystem);
  const logger = await createEventLogger({ store, repo, jobId, fs, env: {}, writers: [sharedFileWriter()] });
  const log = (version: number) => logger.log({ event_type: "checkpoint_loaded", version });
  log(0);
  await logger.flush();
  let cleaned = 0;
  const run = async (): Promise<void> => {
    cleaned = await cleanWithoutMercy(store, 0);
  };
  // The writer has looked at the path and found its file there; only now it writes.
  add({ operation: "write", path: /events-shared\.jsonl$/, run });
  log(1);
  await logger.flush();
  await logger.shutdown();
  expect(cleaned).toBe(1);
  const sequencesOf = async (read: Parameters<typeof openStore>[0]) =>
    [...(await recordsIn(read)).sequences.values()].flatMap((sequences) => [...sequences]);
  expect(await sequencesOf({ files: [`${store}/archive/${repo}/${jobId}`] })).toEqual([0]);
  expect(await sequencesOf({ root: store, repo, local: false })).toEqual([1]);
});
