import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { manifestPath } from "@prodigy-events/storage";
import { faultyFileSystem } from "@prodigy-events/test-kit";
import { describe, expect, it } from "vitest";
import { applyPlan, planClean } from "./support/clean.js";
import { linesOf } from "./support/lines.js";
import { hourMs, linesBelow, quickFileSystem, TestStore } from "./support/test-store.js";

const policy = { olderThanMs: 3 * hourMs };
const [first, , third] = linesOf("aaaa", [9, 8, 1]) as [string, string, string];
const segment = (producerId: string) => `events-20260601_070000_000-${producerId}.jsonl`;

/** A store with a segment to remove, and in `.clean` what others left. */
async function storeWithLeftovers(leftovers: Record<string, string>): Promise<TestStore> {
  const store = await TestStore.create();
  await store.segment({ producerId: "aaaa", content: first });
  const directory = join(store.directory(), ".clean");
  await mkdir(directory, { mode: 0o700 });
  for (const [name, content] of Object.entries(leftovers)) await writeFile(join(directory, name), content);
  return store;
}

const entry = (action: string, producerId: string) =>
  `${JSON.stringify({ action, at: "", segment: segment(producerId), lines: 1, bytes: 1, ranges: [] })}\n`;

const namesIn = (store: TestStore, directory: string) => readdir(join(store.directory(), directory));

describe("what an interrupted clean left beside the log", () => {
  it("does not include the lock on taking a lock over, which somebody may hold", async () => {
    const store = await storeWithLeftovers({ "lock.takeover": "somebody", ".events-x.tmp": "half" });
    expect(await applyPlan(await planClean(store, policy))).toMatchObject({ complete: true });
    expect(await namesIn(store, ".clean")).toEqual(["lock.takeover", "log"]);
  });

  it("may be put away by somebody else at the same time", async () => {
    const store = await storeWithLeftovers({ ".events-x.tmp": "half" });
    const leftover = join(store.directory(), ".clean", ".events-x.tmp");
    const disk = faultyFileSystem(quickFileSystem, [
      { operation: "unlink", path: leftover, run: () => rm(leftover) },
    ]);
    expect(await applyPlan(await planClean(store, policy), { fs: disk.fs })).toMatchObject({
      complete: true,
    });
    expect(await linesBelow(store.root)).toEqual([]);
  });

  it("stops the next clean before it does anything when it cannot be removed", async () => {
    const store = await storeWithLeftovers({ ".events-x.tmp": "half" });
    const leftover = join(store.directory(), ".clean", ".events-x.tmp");
    const disk = faultyFileSystem(quickFileSystem, [
      { operation: "unlink", path: leftover, error: "EACCES" },
    ]);
    const plan = await planClean(store, policy);
    await expect(applyPlan(plan, { fs: disk.fs })).rejects.toMatchObject({
      code: "EACCES",
      path: leftover,
      message: expect.stringContaining(`cannot remove ${leftover}: permission denied`),
    });
    expect(await linesBelow(store.root)).toEqual([first]);
    expect(await namesIn(store, ".clean")).toEqual([".events-x.tmp"]); // and not the lock
  });
});

describe("a manifest without its segment", () => {
  it("is removed when the log says that the segment was removed, and for no other reason", async () => {
    const actions = ["remove", "rewrite", "set-aside", "restore", "failed"];
    const producerId = (action: string) => `zz${action.replace("-", "")}`;
    const log = actions.map((action) => entry(action, producerId(action))).join("");
    const store = await storeWithLeftovers({ log });
    await mkdir(join(store.directory(), ".manifest"), { mode: 0o700 });
    for (const action of [...actions, "unknown"])
      await writeFile(manifestPath(store.directory(), segment(producerId(action))), "");
    await applyPlan(await planClean(store, policy));
    expect(await namesIn(store, ".manifest")).toEqual(
      ["failed", "restore", "rewrite", "set-aside", "unknown"].map(
        (action) => `${segment(producerId(action))}.json`,
      ),
    );
  });

  it("is not that of a segment which came back after it had been removed", async () => {
    const store = await storeWithLeftovers({ log: entry("remove", "bbbb") });
    await store.segment({ producerId: "bbbb", content: third, form: "gz", sealed: true });
    expect(await applyPlan(await planClean(store, policy))).toMatchObject({ complete: true });
    expect(await namesIn(store, ".manifest")).toEqual([`${segment("bbbb")}.json`]);
  });

  it("stays, and the clean does not begin, when the log cannot be read", async () => {
    const store = await storeWithLeftovers({ log: entry("remove", "bbbb") });
    await mkdir(join(store.directory(), ".manifest"), { mode: 0o700 });
    await writeFile(manifestPath(store.directory(), segment("bbbb")), "");
    const plan = await planClean(store, policy);
    const disk = faultyFileSystem(quickFileSystem, [
      { operation: "read", path: /\.clean\/log$/, error: "EIO" },
    ]);
    await expect(applyPlan(plan, { fs: disk.fs })).rejects.toMatchObject({ code: "EIO" });
    expect(await linesBelow(store.root)).toEqual([first]);
    expect(await namesIn(store, ".manifest")).toHaveLength(1);
  });
});
