import { describe, expect, it } from "vitest";
import { checkCleanState } from "../src/core/crash-states/clean-check.js";
import { type CleanTrace, recordCleanTrace } from "../src/core/crash-states/clean-trace.js";
import { checkWriterState } from "../src/core/crash-states/crash-check.js";
import { acknowledgedBy } from "../src/core/crash-states/crash-state-row.js";
import { type Exploration, exploreTrace, newExploration } from "../src/core/crash-states/explore.js";
import { deadProducers, type Trace } from "../src/core/crash-states/trace.js";
import { producerIds, recordWriterTrace } from "../src/core/crash-states/writer-trace.js";
import { randomOf } from "../src/core/random.js";

const seed = 7;

/** The trace of a program that forgets to sync some of its files or directories. */
function withoutSyncs<T extends Trace>(trace: T, isForgotten: (inode: number) => boolean): T {
  const operations = trace.operations.map((operation) =>
    operation.kind === "sync" && isForgotten(operation.inode) ? { ...operation, inode: -1 } : operation,
  );
  return { ...trace, operations };
}

function directoriesOf(trace: Trace): Set<number> {
  const found = new Set<number>();
  for (const [inode, { kind }] of trace.initial.nodes) if (kind === "directory") found.add(inode);
  for (const each of trace.operations) {
    if (each.kind === "create" && each.what === "directory") found.add(each.inode);
  }
  return found;
}

async function exploreWriter(trace: Trace): Promise<Exploration> {
  const found = newExploration();
  const dead = await deadProducers(trace.directory, producerIds);
  await exploreTrace(
    trace,
    (tree, operations, isEverything, random) =>
      checkWriterState(tree, trace, acknowledgedBy(trace, operations, isEverything), { random, dead }),
    { found, seed, samples: 2, isOver: () => found.failures.count >= 5 },
  );
  return found;
}

const durable = {
  durability: "fsync",
  compress: true,
  maxSegmentBytes: 900,
  producers: 1,
  end: "close",
} as const;

describe("crash states of a writer", () => {
  it("hold every acknowledged record, whatever the order in which the disk wrote", async () => {
    const found = await exploreWriter(await recordWriterTrace(randomOf(seed), durable));
    expect(found.failures.lines).toEqual([]);
    expect(found.seen.size).toBeGreaterThan(100);
  });

  it("show a loss when the writer forgets to sync its files", async () => {
    const trace = await recordWriterTrace(randomOf(seed), durable);
    const directories = directoriesOf(trace);
    const found = await exploreWriter(withoutSyncs(trace, (inode) => !directories.has(inode)));
    expect(found.lost).toBeGreaterThan(0);
    expect(found.failures.lines[0]).toMatch(/R1: \d+ lost.*\[seed 7, operation \d+ \(/);
  });

  it("show a loss when the writer forgets to sync its directories", async () => {
    const trace = await recordWriterTrace(randomOf(seed), durable);
    const directories = directoriesOf(trace);
    const found = await exploreWriter(withoutSyncs(trace, (inode) => directories.has(inode)));
    expect(found.lost).toBeGreaterThan(0);
  });

  it("are the same for the same seed", async () => {
    const title = async () => (await recordWriterTrace(randomOf(seed))).title;
    expect(await title()).toBe(await title());
  });
});

describe("crash states of a clean", () => {
  async function exploreClean(trace: CleanTrace, samples: number): Promise<Exploration> {
    const found = newExploration();
    const isOver = () => found.failures.lines.some((line) => line.includes("R7"));
    await exploreTrace(trace, (tree) => checkCleanState(tree, trace), { found, seed, samples, isOver });
    return found;
  }

  it("hold every line in the store or in the archive", { timeout: 60_000 }, async () => {
    const found = await exploreClean(await recordCleanTrace(randomOf(seed)), 0);
    expect(found.failures.lines).toEqual([]);
    expect(found.seen.size).toBeGreaterThan(50);
  });

  it("show that the archive was not synced", { timeout: 60_000 }, async () => {
    const trace = await recordCleanTrace(randomOf(seed));
    const found = await exploreClean(
      withoutSyncs(trace, () => true),
      4,
    );
    expect(found.failures.lines.join("\n")).toMatch(/R7: /);
  });
});
