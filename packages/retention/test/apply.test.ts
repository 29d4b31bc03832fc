import { chmod, stat } from "node:fs/promises";
import { join } from "node:path";
import { faultyFileSystem } from "@prodigy-events/test-kit";
import { describe, expect, it } from "vitest";
import { applyPlan, planClean } from "./support/clean.js";
import { linesOf } from "./support/lines.js";
import { hourMs, linesBelow, quickFileSystem, TestStore } from "./support/test-store.js";

const policy = { olderThanMs: 3 * hourMs };
const [first, , third] = linesOf("aaaa", [9, 8, 1]) as [string, string, string];

describe("a store that others can reach", () => {
  it("is left alone unless that is forced", async () => {
    const store = await TestStore.create();
    await store.segment({ producerId: "aaaa", content: first });
    await chmod(store.root, 0o750);
    const plan = await planClean(store, policy);
    await expect(applyPlan(plan)).rejects.toMatchObject({
      code: "ROOT_NOT_PRIVATE",
      message: expect.stringContaining("mode 0750"),
    });
    expect(await linesBelow(store.root)).toEqual([first]);
    expect(await applyPlan(plan, { force: true })).toMatchObject({ complete: true });
  });

  it("that belongs to another user is left alone as well", async () => {
    const store = await TestStore.create();
    await store.segment({ producerId: "aaaa", content: first });
    const fs = {
      ...quickFileSystem,
      stat: async (path: string) => Object.assign(await stat(path), { uid: 4_000_000 }),
    };
    await expect(applyPlan(await planClean(store, policy), { fs })).rejects.toMatchObject({
      code: "ROOT_NOT_PRIVATE",
      message: expect.stringContaining("belongs to another user"),
    });
  });

  it("does not matter for files outside of it", async () => {
    const store = await TestStore.create();
    await chmod(store.root, 0o755);
    const path = await store.file(join(store.outside, "foreign.jsonl"), { content: first });
    expect(await applyPlan(await planClean(store, policy, { files: [path] }))).toMatchObject({
      complete: true,
    });
  });
});

describe("a run", () => {
  it("tells its progress and stops between two segments when it is aborted", async () => {
    const store = await TestStore.create();
    for (const producerId of ["aaaa", "bbbb", "cccc"]) await store.segment({ producerId, content: first });
    const abort = new AbortController();
    const progress: number[] = [];
    const report = await applyPlan(await planClean(store, policy), {
      signal: abort.signal,
      onProgress: ({ done, total }) => {
        progress.push(done / total);
        if (done === 1) abort.abort();
      },
    });
    expect(report.outcomes.map(({ status, skipReason }) => skipReason ?? status)).toEqual([
      "done",
      "not-attempted",
      "not-attempted",
    ]);
    expect(progress).toEqual([1 / 3, 2 / 3, 1]);
    expect(await linesBelow(store.root)).toHaveLength(2);
  });

  it("removes what goes whole first, which makes room for what has to be written anew", async () => {
    const store = await TestStore.create();
    await store.segment({ producerId: "aaaa", content: first + third });
    await store.segment({ producerId: "bbbb", content: first });
    const { outcomes } = await applyPlan(await planClean(store, policy));
    expect(outcomes.map(({ action }) => action)).toEqual(["remove", "rewrite"]);
  });

  it("removes nothing of a segment in whose middle it is aborted", async () => {
    const store = await TestStore.create();
    await store.segment({ producerId: "aaaa", content: first + third });
    const abort = new AbortController();
    const disk = faultyFileSystem(quickFileSystem, [
      { operation: "read", path: /events-2/, run: () => abort.abort() },
    ]);
    const report = await applyPlan(await planClean(store, policy), { signal: abort.signal, fs: disk.fs });
    expect(report.outcomes).toMatchObject([{ status: "skipped", skipReason: "not-attempted" }]);
    expect(await linesBelow(store.root)).toEqual([first, third]);
  });

  it("refuses a plan of another version", async () => {
    const store = await TestStore.create();
    const plan = await planClean(store, policy);
    await expect(applyPlan({ ...plan, version: 2 as 1 })).rejects.toMatchObject({ code: "BAD_PLAN" });
  });

  it("refuses a plan that was cut out of its context", async () => {
    const store = await TestStore.create();
    await store.segment({ producerId: "aaaa", content: first + third });
    const plan = await planClean(store, policy);
    const { keepFrom: _, ...segment } = plan.segments[0]!;
    const report = await applyPlan({ ...plan, segments: [segment] });
    expect(report.outcomes).toMatchObject([{ status: "failed", error: { code: "BAD_PLAN" } }]);
    expect(await linesBelow(store.root)).toEqual([first, third]);
  });
});
