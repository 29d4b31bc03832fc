import { mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { currentProcessIdentity, openSealedJson, sealJson } from "@prodigy-events/storage";
import { faultyFileSystem } from "@prodigy-events/test-kit";
import { describe, expect, it } from "vitest";
import { restoreArchive } from "../src/index.js";
import { applyPlan, planClean } from "./support/clean.js";
import { linesOf } from "./support/lines.js";
import { hourMs, linesBelow, quickFileSystem, TestStore } from "./support/test-store.js";

const policy = { olderThanMs: 3 * hourMs };
const [old] = linesOf("aaaa", [9]) as [string];

const self = currentProcessIdentity();
const alive = sealJson({ ...self, at: "2026-06-01T11:59:00.000Z" });
/** Our pid, but another start time: that process is gone for certain. */
const dead = sealJson({ ...self, processStartTime: "1", at: "2026-06-01T11:59:00.000Z" });
const elsewhere = sealJson({ ...self, machineId: "another", host: "host-2" });

async function lockedStore(content: string): Promise<{ store: TestStore; lock: string }> {
  const store = await TestStore.create();
  await store.segment({ producerId: "aaaa", content: old });
  const lock = join(store.directory(), ".clean", "lock");
  await mkdir(join(store.directory(), ".clean"));
  await writeFile(lock, content);
  return { store, lock };
}

describe("the lock of a directory", () => {
  it("names its holder while clean is at work, and is gone afterwards", async () => {
    const store = await TestStore.create();
    await store.segment({ producerId: "aaaa", content: old });
    const lock = join(store.directory(), ".clean", "lock");
    let content: string | undefined;
    const run = async () => {
      content = await readFile(lock, "utf8");
    };
    const disk = faultyFileSystem(quickFileSystem, [{ operation: "unlink", path: /events-/, run }]);
    await applyPlan(await planClean(store, policy), { fs: disk.fs });
    expect(openSealedJson(content!)).toMatchObject({ pid: process.pid, host: self.host });
    await expect(stat(lock)).rejects.toMatchObject({ code: "ENOENT" });
  });

  it.each([
    ["by a living process", alive, `process ${process.pid} on ${self.host}`],
    ["by a process on another machine", elsewhere, "on host-2"],
    ["by one that could not write its name on a full disk", "", "does not name"],
    ["by something that is no lock of ours", "hello", "does not name"],
    ["by one whose name was cut off", alive.slice(0, -9), "does not name"],
  ])("is respected when it is held %s, until it is broken", async (_, content, who) => {
    const { store, lock } = await lockedStore(content);
    const plan = await planClean(store, policy);
    await expect(applyPlan(plan)).rejects.toMatchObject({
      code: "LOCKED",
      path: lock,
      message: expect.stringContaining(who),
    });
    expect(await linesBelow(store.root)).toEqual([old]);
    expect(await readFile(lock, "utf8")).toBe(content);
    expect(await applyPlan(plan, { breakLock: true })).toMatchObject({ complete: true });
    expect(await linesBelow(store.root)).toEqual([]);
  });

  it("is taken over from a process that is provably dead", async () => {
    const { store, lock } = await lockedStore(dead);
    expect(await applyPlan(await planClean(store, policy))).toMatchObject({ complete: true });
    await expect(stat(lock)).rejects.toMatchObject({ code: "ENOENT" });
  });

  it("is created where it is to be on a file system that has no hard links", async () => {
    const store = await TestStore.create();
    await store.segment({ producerId: "aaaa", content: old });
    const lock = join(store.directory(), ".clean", "lock");
    let content: string | undefined;
    const run = async () => {
      content = await readFile(lock, "utf8");
    };
    const disk = faultyFileSystem(quickFileSystem, [
      { operation: "link", error: "EPERM", times: "from then on" },
      { operation: "unlink", path: /events-/, run },
    ]);
    expect(await applyPlan(await planClean(store, policy), { fs: disk.fs })).toMatchObject({
      complete: true,
    });
    expect(openSealedJson(content!)).toMatchObject({ pid: process.pid });
    const held = await lockedStore(alive);
    const noLinks = faultyFileSystem(quickFileSystem, [
      { operation: "link", error: "EPERM", times: "from then on" },
    ]);
    await expect(applyPlan(await planClean(held.store, policy), { fs: noLinks.fs })).rejects.toMatchObject({
      code: "LOCKED",
    });
  });

  it("goes to one of two who find it dead at the same time", async () => {
    const { store, lock } = await lockedStore(dead);
    // Between our look at the dead lock and our taking it away, somebody else has taken it over.
    const run = async () => {
      await rm(lock);
      await writeFile(lock, alive);
    };
    const takeover = (path: string) => path.includes(".lock.takeover.");
    const disk = faultyFileSystem(quickFileSystem, [{ operation: "link", path: takeover, run }]);
    await expect(applyPlan(await planClean(store, policy), { fs: disk.fs })).rejects.toMatchObject({
      code: "LOCKED",
    });
    expect(await readFile(lock, "utf8")).toBe(alive);
    expect(await linesBelow(store.root)).toEqual([old]);
  });

  it("is looked at before anything is removed: who has lost it stops", async () => {
    const store = await TestStore.create();
    for (const producerId of ["aaaa", "bbbb"]) await store.segment({ producerId, content: old });
    const lock = join(store.directory(), ".clean", "lock");
    const run = async () => {
      await rm(lock);
      await writeFile(lock, alive);
    };
    const plan = await planClean(store, { ...policy, archive: { directory: store.archive } });
    const disk = faultyFileSystem(quickFileSystem, [{ operation: "link", path: /archive/, run }]);
    const report = await applyPlan(plan, { fs: disk.fs });
    expect(report.outcomes).toMatchObject([
      { status: "failed", error: { code: "LOCK_LOST" } },
      { skipReason: "not-attempted" },
    ]);
    expect(await linesBelow(store.root)).toEqual([old, old]);
    expect(await readFile(lock, "utf8")).toBe(alive); // not ours any more, so not ours to remove
  });

  it("is taken in every directory before anything is done in one", async () => {
    const { store } = await lockedStore(alive);
    await store.segment({ producerId: "bbbb", jobId: "job-0", content: old });
    await expect(applyPlan(await planClean(store, policy))).rejects.toMatchObject({ code: "LOCKED" });
    expect(await linesBelow(store.root)).toEqual([old, old]);
    await expect(stat(join(store.directory("job-0"), ".clean", "lock"))).rejects.toMatchObject({
      code: "ENOENT",
    });
  });

  it("keeps restore out as well", async () => {
    const { store } = await lockedStore(alive);
    await store.file(join(store.archive, "repo", "job-1", "events-x.jsonl.rotated"), { content: old });
    const options = { root: store.root, archiveDirectory: store.archive };
    await expect(restoreArchive(options)).rejects.toMatchObject({ code: "LOCKED" });
    expect(await restoreArchive({ ...options, dryRun: true })).toMatchObject({ complete: true });
    expect(await restoreArchive({ ...options, breakLock: true })).toMatchObject({ complete: true });
  });
});
