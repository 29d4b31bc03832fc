import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type FileSystem,
  manifestDirectoryName,
  readManifest,
  resolveSegmentFile,
  verifyAgainstManifest,
} from "@prodigy-events/storage";
import { type Fault, fakeClock, faultyFileSystem } from "@prodigy-events/test-kit";
import { describe, expect, it } from "vitest";
import {
  applyRetention,
  gatherInventory,
  planRetention,
  type RetentionPlan,
  scopeOfStore,
} from "../src/index.js";
import { linesOf } from "./support/lines.js";
import {
  hourMs,
  linesBelow,
  nowMs,
  quickFileSystem,
  type SegmentForm,
  TestStore,
} from "./support/test-store.js";

const everyOperation = Object.keys(quickFileSystem).filter((name) => !name.endsWith("Sync"));

/** Operations that change something on the disk: they may fail before or after they took effect. */
const changes = ["open", "write", "fsync", "rename", "link", "unlink", "mkdir"];

const own =
  (form: SegmentForm, sealed: boolean, hoursAgo: readonly number[], tail = "") =>
  async (store: TestStore) => {
    await store.segment({
      producerId: "aaaa",
      form,
      sealed,
      content: linesOf("aaaa", hoursAgo).join("") + tail,
    });
  };

const cutInTheMiddle = [9, 8, 7, 2, 1];

const scenarios: { title: string; write(store: TestStore): Promise<void> }[] = [
  { title: "a sealed segment that goes whole", write: own("rotated", true, [9, 8, 7]) },
  { title: "a compressed segment that goes whole", write: own("gz", true, [9, 8, 7]) },
  { title: "a cut plain segment with a torn tail", write: own("plain", false, cutInTheMiddle, '{"id":') },
  { title: "a cut compressed segment with a manifest", write: own("gz", true, cutInTheMiddle) },
  {
    title: "a cut shared file with a bad line",
    write: async (store) => {
      const content = `bad\n${linesOf("bbbb", cutInTheMiddle).join("")}`;
      await store.file(join(store.directory(), "events-shared.jsonl"), { content });
    },
  },
];

/** Each makes the n-th of some calls fail. */
const failures: { title: string; operations: readonly string[]; fault: Partial<Fault> }[] = [
  { title: "one change fails", operations: changes, fault: { error: "EIO" } },
  {
    title: "one change is reported as failed after it took effect",
    operations: changes,
    fault: { error: "EIO", when: "after" },
  },
  {
    title: "from one change on the disk is full",
    operations: changes,
    fault: { error: "ENOSPC", times: "from then on" },
  },
  {
    title: "from one change on nothing works, as after a crash",
    operations: changes,
    fault: { error: "EIO", times: "from then on" },
  },
];

/** A failure to read ends the work on a segment whatever its form: two scenarios show it. */
const readFailure: (typeof failures)[number] = {
  title: "one call that only looks or reads fails",
  operations: everyOperation.filter((name) => !changes.includes(name)),
  fault: { error: "EIO" },
};

const matrix = [
  ...scenarios.flatMap((scenario) => failures.map((failure) => ({ scenario, failure }))),
  ...[scenarios[0]!, scenarios[3]!].map((scenario) => ({ scenario, failure: readFailure })),
].map(({ scenario, failure }) => [scenario.title, failure.title, scenario, failure] as const);

async function plan(store: TestStore, olderThanMs: number, archives = true): Promise<RetentionPlan> {
  const policy = { olderThanMs, ...(archives ? { archive: { directory: store.archive } } : {}) };
  const inventory = await gatherInventory(await scopeOfStore(await store.open()), policy, { nowMs });
  return planRetention(inventory, policy, nowMs);
}

const clean = (planned: RetentionPlan, fs: FileSystem = quickFileSystem, breakLock = false) =>
  applyRetention(planned, { fs, breakLock, clock: fakeClock(nowMs) });

/** The lines in the store, and those in the archive. */
async function whereLinesAre(store: TestStore) {
  return { live: await linesBelow(store.root), archived: await linesBelow(store.archive) };
}

/** The ids of what a query reads from the store. It reads none twice, not even from a half-finished clean. */
async function idsRead(store: TestStore): Promise<Set<string>> {
  const ids: string[] = [];
  for await (const { id } of (await store.open()).query()) ids.push(id);
  expect(new Set(ids).size).toBe(ids.length);
  return new Set(ids);
}

/** Every segment that has a manifest is what the manifest says; one without a segment is of one that was removed. */
async function expectManifestsToHold(store: TestStore): Promise<void> {
  const names = await readdir(join(store.directory(), manifestDirectoryName)).catch(() => []);
  for (const name of names.filter((each) => !each.startsWith("."))) {
    const logicalName = name.replace(/\.json$/, "");
    const segment = await resolveSegmentFile(join(store.directory(), logicalName));
    if (segment === undefined) {
      const log = await readFile(join(store.directory(), ".clean", "log"), "utf8");
      expect(log).toMatch(new RegExp(`"action":"remove".*"segment":"${logicalName}"`));
      continue;
    }
    const manifest = await readManifest(store.directory(), logicalName);
    expect(await verifyAgainstManifest(segment.path, manifest!)).toMatchObject({ intact: true });
  }
}

const isKept = (line: string) => !/"id":"\w+-[012]"/.test(line);

describe("a clean during which something fails", () => {
  it.each(matrix)("loses nothing of %s: %s", { timeout: 120_000 }, async (_, __, scenario, failure) => {
    let wasHit = true;
    for (let nth = 1; wasHit; nth += 1) {
      const store = await TestStore.create();
      await scenario.write(store);
      const all = await linesBelow(store.root);
      const kept = all.filter(isKept);
      const planned = await plan(store, 5 * hourMs);
      const disk = faultyFileSystem(quickFileSystem, [
        { operation: failure.operations, nth, ...failure.fault } as Fault,
      ]);

      const report = await clean(planned, disk.fs).catch((error: Error & { code?: string }) => error);
      wasHit = disk.calls.some(({ injected }) => injected !== undefined);
      if (!wasHit) expect(report).toMatchObject({ complete: true });
      if (report instanceof Error) expect(report.code).toMatch(/^E[A-Z]+$/);

      // Whatever happened, nothing is lost, and what stays can be read from the store.
      const meanwhile = await whereLinesAre(store);
      expect(meanwhile.live).toEqual(expect.arrayContaining(kept));
      expect([...meanwhile.live, ...meanwhile.archived]).toEqual(expect.arrayContaining(all));
      const read = await idsRead(store);
      for (const line of kept)
        if (line.startsWith('{"id":"') && line.endsWith("\n")) expect(read).toContain(JSON.parse(line).id);

      // The next clean, with the same limit or another one, leaves each line in exactly one place.
      const nextCut = [5, 7.5, 1.5][nth % 3]! * hourMs;
      expect(await clean(await plan(store, nextCut), quickFileSystem, true)).toMatchObject({
        complete: true,
      });
      const afterwards = await whereLinesAre(store);
      expect([...afterwards.live, ...afterwards.archived].sort()).toEqual(all);
      if (nextCut === 5 * hourMs) expect(afterwards.live).toEqual(kept);
      await expectManifestsToHold(store);
    }
  });
});
