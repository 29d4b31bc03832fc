import { rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { type FileSystem, readManifest, verifyAgainstManifest } from "@prodigy-events/storage";
import { type Fault, faultyFileSystem } from "@prodigy-events/test-kit";
import { describe, expect, it } from "vitest";
import { gatherInventory, planRetention, restoreArchive, scopeOfStore } from "../src/index.js";
import { applyPlan, planClean } from "./support/clean.js";
import { cleanedStore, cut, restore, segmentName, whole } from "./support/cleaned-store.js";
import { linesOf } from "./support/lines.js";
import {
  contentsBelow,
  hourMs,
  linesBelow,
  nowMs,
  quickFileSystem,
  TestStore,
} from "./support/test-store.js";

async function idsRead(store: TestStore): Promise<string[]> {
  const ids: string[] = [];
  for await (const { id } of (await store.open({ local: true })).query()) ids.push(id);
  return ids;
}

describe("restoring", () => {
  it("brings everything back once, in time order for every reader, however often it is run", async () => {
    const { store, all } = await cleanedStore();
    const archived = await contentsBelow(store.archive);
    expect(await restore(store)).toMatchObject({
      complete: true,
      outcomes: [
        { status: "restored", records: 2 },
        { status: "restored", records: 2 },
      ],
      totals: { restored: 2, present: 0, records: 4, bytes: [...whole, ...cut.slice(0, 2)].join("").length },
    });
    expect(await restore(store)).toMatchObject({
      complete: true,
      totals: { restored: 0, present: 2, records: 0 },
    });
    expect(await linesBelow(store.root)).toEqual(all);
    expect(await idsRead(store)).toEqual(["aaaa-0", "bbbb-0", "aaaa-1", "bbbb-1", "bbbb-2"]);
    expect(await contentsBelow(store.archive)).toEqual(archived);
  });

  it("brings a segment's manifest back with it", async () => {
    const { store } = await cleanedStore();
    await restore(store);
    const manifest = await readManifest(store.directory(), segmentName);
    expect(
      await verifyAgainstManifest(join(store.directory(), `${segmentName}.rotated.gz`), manifest!),
    ).toMatchObject({ intact: true });
  });

  it("changes nothing in a dry run, and says what it would do", async () => {
    const { store } = await cleanedStore();
    const before = await contentsBelow(store.root);
    const targetPath = join(store.directory(), `${segmentName}.rotated.gz`);
    const report = await restore(store, { dryRun: true });
    expect(report).toMatchObject({ dryRun: true, totals: { restored: 2, records: 4 } });
    expect(report.outcomes).toContainEqual(expect.objectContaining({ status: "restored", targetPath }));
    expect(await contentsBelow(store.root)).toEqual(before);
    await rm(store.root, { recursive: true });
    expect(await restore(store, { dryRun: true })).toMatchObject({ totals: { restored: 2 } });
    await expect(stat(store.root)).rejects.toMatchObject({ code: "ENOENT" });
  });

  it("finds the default archive, and makes a store that is not there", async () => {
    const store = await TestStore.create();
    await store.file(join(store.root, "archive", "repo", "job-1", "events-x.jsonl.rotated"), {
      content: whole.join(""),
    });
    expect(await restoreArchive({ root: store.root })).toMatchObject({ totals: { restored: 1 } });
    const elsewhere = join(store.outside, "new-store");
    expect(
      await restoreArchive({ root: elsewhere, archiveDirectory: join(store.root, "archive") }),
    ).toMatchObject({ totals: { restored: 1 } });
    expect((await stat(elsewhere)).mode & 0o777).toBe(0o700);
    expect(await linesBelow(elsewhere)).toEqual(whole);
  });

  it("can be for one repository or one job", async () => {
    const store = await TestStore.create();
    for (const place of ["repo/job-1", "repo/job-2", "other/job-1"]) {
      await store.file(join(store.archive, place, "events-x.jsonl.rotated"), { content: whole.join("") });
    }
    expect(await restore(store, { dryRun: true })).toMatchObject({ totals: { restored: 3 } });
    expect(await restore(store, { dryRun: true, repo: "repo" })).toMatchObject({ totals: { restored: 2 } });
    expect(await restore(store, { dryRun: true, jobId: "job-1" })).toMatchObject({ totals: { restored: 2 } });
    expect(await restore(store, { dryRun: true, repo: "repo", jobId: "job-2" })).toMatchObject({
      totals: { restored: 1 },
    });
    expect(await restore(store, { dryRun: true, repo: "none" })).toMatchObject({
      complete: true,
      outcomes: [],
    });
  });

  it("is recognised by a later clean: the archive does not grow", async () => {
    const { store, all } = await cleanedStore();
    const archived = await contentsBelow(store.archive);
    const live = await linesBelow(store.root);
    await restore(store);
    // Restored files have just been written; the clean comes a year later.
    const later = nowMs + 365 * 24 * hourMs;
    const policy = { olderThanMs: later - nowMs + 3 * hourMs, archive: { directory: store.archive } };
    const inventory = await gatherInventory(await scopeOfStore(await store.open()), policy, { nowMs: later });
    expect(await applyPlan(planRetention(inventory, policy, later))).toMatchObject({ complete: true });
    expect(await contentsBelow(store.archive)).toEqual(archived);
    expect(await linesBelow(store.root)).toEqual(live);
    await restore(store);
    expect(await linesBelow(store.root)).toEqual(all);
  });
});

describe("what a clean had archived when it was interrupted", () => {
  it.each<[string, string, Partial<Fault>]>([
    ["whole", whole.join(""), { operation: "unlink", path: /job-1\/events-/ }],
    [
      "in part",
      [...whole, linesOf("aaaa", [9, 8, 1])[2]].join(""),
      { operation: "rename", path: /\.clean\/\.events-/ },
    ],
  ])("is still in the store, and not brought back a second time: %s", async (_, content, fault) => {
    const store = await TestStore.create();
    await store.segment({ producerId: "aaaa", content });
    const disk = faultyFileSystem<FileSystem>(quickFileSystem, [{ ...fault, error: "EIO" } as Fault]);
    const policy = { olderThanMs: 3 * hourMs, archive: { directory: store.archive } };
    expect(await applyPlan(await planClean(store, policy), { fs: disk.fs })).toMatchObject({
      totals: { failed: 1 },
    });
    expect(await linesBelow(store.archive)).toEqual(whole);
    const before = await contentsBelow(store.root);
    expect(await restore(store)).toMatchObject({ complete: true, totals: { present: 1, restored: 0 } });
    expect(await contentsBelow(store.root)).toEqual(before);
  });
});
