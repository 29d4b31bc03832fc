import { link, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { faultyFileSystem } from "@prodigy-events/test-kit";
import { describe, expect, it } from "vitest";
import { gatherInventory, scopeOfStore } from "../src/index.js";
import { planClean } from "./support/clean.js";
import { linesOf } from "./support/lines.js";
import { contentsBelow, hourMs, nowMs, quickFileSystem, TestStore } from "./support/test-store.js";

const policy = { olderThanMs: 3 * hourMs };
const old = linesOf("aaaa", [9, 8]).join("");

describe("gathering", () => {
  it("changes nothing", async () => {
    const store = await TestStore.create();
    await store.segment({ producerId: "aaaa", content: old });
    const disk = faultyFileSystem(quickFileSystem);
    await planClean(store, { ...policy, maxEvents: 1, maxBytes: 1 }, {}, { fs: disk.fs });
    const changing = ["write", "rename", "link", "unlink", "mkdir", "rmdir", "ftruncate", "fsync"];
    expect(disk.calls.filter(({ operation }) => changing.includes(operation))).toEqual([]);
  });

  it("gives an inventory that survives JSON", async () => {
    const store = await TestStore.create();
    await store.segment({ producerId: "aaaa", content: old });
    const inventory = await gatherInventory(await scopeOfStore(await store.open(), ["job-1"]), policy, {
      nowMs,
    });
    expect(JSON.parse(JSON.stringify(inventory))).toEqual(inventory);
    expect(inventory).toMatchObject({
      root: store.root,
      jobIds: ["job-1"],
      segments: [{ records: 2, removable: { records: 2 } }],
    });
  });

  it("finds a segment again that was rotated after it was listed", async () => {
    const store = await TestStore.create();
    const path = await store.segment({ producerId: "aaaa", content: old });
    const scope = await scopeOfStore(await store.open());
    await rename(path, `${path}.rotated`);
    const { segments } = await gatherInventory(scope, policy, { nowMs });
    expect(segments).toMatchObject([{ path: `${path}.rotated`, removable: { records: 2 } }]);
  });

  it("finds a segment again that is renamed between its first and its second reading", async () => {
    const store = await TestStore.create();
    const path = await store.segment({ producerId: "aaaa", content: old });
    const disk = faultyFileSystem(quickFileSystem, [
      { operation: "open", path, nth: 3, run: () => rename(path, `${path}.rotated`) },
    ]);
    const plan = await planClean(store, { maxEvents: 1 }, {}, { fs: disk.fs });
    expect(disk.calls.some(({ injected }) => injected === "run")).toBe(true);
    expect(plan.totals.removed.records).toBe(1);
  });

  it("leaves out a segment that is gone, as after another clean", async () => {
    const store = await TestStore.create();
    const path = await store.segment({ producerId: "aaaa", content: old });
    await store.segment({ producerId: "bbbb", content: old });
    const scope = await scopeOfStore(await store.open());
    await rm(path);
    expect((await gatherInventory(scope, policy, { nowMs })).segments).toMatchObject([
      { logicalName: expect.stringContaining("bbbb") },
    ]);
  });

  it("takes the directory of a file that the user named for its repository and job", async () => {
    const store = await TestStore.create();
    const path = await store.segment({ producerId: "aaaa", content: old, jobId: "job-7" });
    const plan = await planClean(store, policy, { files: [path] });
    expect(plan.segments).toMatchObject([{ repo: "repo", jobId: "job-7" }]);
    expect(plan.unknownFiles).toEqual([]);
  });

  it("tells its progress in stored bytes and stops when it is aborted", async () => {
    const store = await TestStore.create();
    for (const producerId of ["aaaa", "bbbb"]) await store.segment({ producerId, content: old });
    const progress: number[] = [];
    await planClean(
      store,
      policy,
      {},
      { onProgress: ({ bytesRead, bytesTotal }) => progress.push(bytesRead / bytesTotal) },
    );
    expect(progress).toEqual([0.5, 1]);
    await expect(
      planClean(store, policy, {}, { signal: AbortSignal.abort(new Error("enough")) }),
    ).rejects.toThrow("enough");
    const abort = new AbortController();
    const disk = faultyFileSystem(quickFileSystem, [
      { operation: "read", path: /events-2/, nth: 2, run: () => abort.abort(new Error("now")) },
    ]);
    await expect(planClean(store, policy, {}, { signal: abort.signal, fs: disk.fs })).rejects.toThrow("now");
  });

  it("says what fails when a directory cannot be listed", async () => {
    const store = await TestStore.create();
    await store.segment({ producerId: "aaaa", content: old });
    const disk = faultyFileSystem(quickFileSystem, [{ operation: "readdir", error: "EACCES" }]);
    await expect(planClean(store, policy, {}, { fs: disk.fs })).rejects.toMatchObject({ code: "EACCES" });
  });

  it("keeps a segment that cannot be read, and goes on", async () => {
    const store = await TestStore.create();
    const path = await store.segment({ producerId: "aaaa", content: old });
    await link(path, join(store.directory(), "foreign.jsonl.rotated"));
    const disk = faultyFileSystem(quickFileSystem, [
      { operation: "read", path, error: "EIO", times: "from then on" },
    ]);
    const plan = await planClean(store, policy, {}, { fs: disk.fs });
    expect(plan.segments.map(({ keepReason, action }) => keepReason ?? action)).toContain("unreadable");
    expect((await contentsBelow(store.root)).has(path)).toBe(true);
  });

  it.each([{ maxEvents: 3 }, { maxBytes: 1_000 }, { olderThanMs: 3 * hourMs }])(
    "goes on without a segment that another clean removes at any moment: %j",
    async (policy) => {
      for (let nth = 1, wasHit = true; wasHit; nth += 1) {
        const store = await TestStore.create();
        const [stays, goes] = [linesOf("aaaa", [9, 8, 2]), linesOf("bbbb", [9, 8, 1])];
        await store.segment({ producerId: "aaaa", content: stays.join("") });
        const path = await store.segment({
          producerId: "bbbb",
          form: "gz",
          sealed: true,
          content: goes.join(""),
        });
        const scope = await scopeOfStore(await store.open());
        const disk = faultyFileSystem(quickFileSystem, [
          { operation: ["open", "lstat"], path, nth, run: () => rm(path, { force: true }) },
        ]);
        const { segments } = await gatherInventory(scope, policy, { nowMs, fs: disk.fs });
        wasHit = disk.calls.some(({ injected }) => injected !== undefined);
        const names = segments.map((segment) => segment.logicalName.slice(-10, -6));
        expect(names[0]).toBe("aaaa");
        if (!wasHit) expect(names).toEqual(["aaaa", "bbbb"]);
      }
    },
  );
});
