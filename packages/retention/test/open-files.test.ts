import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { currentProcessIdentity, sealJson } from "@prodigy-events/storage";
import { type Fault, faultyFileSystem } from "@prodigy-events/test-kit";
import { describe, expect, it } from "vitest";
import type { SegmentOutcome } from "../src/index.js";
import { applyPlan, planClean } from "./support/clean.js";
import { watchDescriptors } from "./support/descriptors.js";
import { linesOf } from "./support/lines.js";
import { hourMs, quickFileSystem, TestStore } from "./support/test-store.js";

const policy = { olderThanMs: 3 * hourMs };
const [first, second, third] = linesOf("aaaa", [9, 8, 1]) as [string, string, string];

/** A store with a segment that goes, two that are cut, and a shared file that is set aside and cut. */
async function mixedStore(): Promise<TestStore> {
  const store = await TestStore.create();
  await store.segment({ producerId: "aaaa", content: first + second });
  await store.segment({ producerId: "bbbb", content: first + third });
  await store.segment({ producerId: "cccc", content: first + third, form: "gz" });
  await store.file(join(store.directory(), "events-shared.jsonl"), { content: first + third });
  return store;
}

const namesIn = (store: TestStore) => readdir(join(store.directory(), ".clean"));
const statusesOf = (outcomes: SegmentOutcome[]) => outcomes.map(({ status }) => status);

describe("a clean", () => {
  it("closes every file, and leaves nothing beside its log", async () => {
    const store = await mixedStore();
    const plan = await planClean(store, { ...policy, archive: { directory: store.archive } });
    const watched = watchDescriptors(quickFileSystem);
    expect(await applyPlan(plan, { fs: watched.fs })).toMatchObject({ complete: true });
    expect(watched.stillOpen()).toEqual([]);
    expect(await namesIn(store)).toEqual(["log"]);
  });

  it.each<[string, Fault, SegmentOutcome["status"][]]>([
    [
      "the rest of a segment cannot be written",
      { operation: "write", path: /\.clean\/\.events-.*-bbbb/, error: "EIO" },
      ["done", "failed", "skipped", "skipped"],
    ],
    [
      "the rest of a compressed segment cannot be written",
      { operation: "write", path: /\.clean\/\.events-.*-cccc/, error: "EIO" },
      ["done", "done", "failed", "skipped"],
    ],
    [
      "a cut segment cannot be put in place",
      { operation: "rename", path: /\.clean\/\.events-.*-bbbb/, error: "EIO" },
      ["done", "failed", "skipped", "skipped"],
    ],
    [
      "a cut compressed segment cannot be put in place",
      { operation: "rename", path: /\.clean\/\.events-.*-cccc/, error: "EIO" },
      ["done", "done", "failed", "skipped"],
    ],
    [
      "a shared file cannot be set aside",
      { operation: "rename", path: /events-shared/, error: "EACCES" },
      ["done", "done", "done", "failed"],
    ],
    [
      "the log cannot be written",
      { operation: "write", path: /\.clean\/log$/, error: "EIO" },
      ["failed", "skipped", "skipped", "skipped"],
    ],
  ])("does so also when %s", async (_, fault, statuses) => {
    const store = await mixedStore();
    const watched = watchDescriptors(quickFileSystem);
    const disk = faultyFileSystem(watched.fs, [fault]);
    const { outcomes } = await applyPlan(await planClean(store, policy), { fs: disk.fs });
    expect(statusesOf(outcomes)).toEqual(statuses);
    expect(watched.stillOpen()).toEqual([]);
    expect(await namesIn(store)).toEqual(["log"]);
  });

  it("does so also when it takes a lock over from the dead", async () => {
    const store = await mixedStore();
    const identity = { ...currentProcessIdentity(), processStartTime: "1" }; // our pid, and another process
    await mkdir(join(store.directory(), ".clean"), { mode: 0o700 });
    await writeFile(join(store.directory(), ".clean", "lock"), sealJson({ ...identity, at: "" }));
    const watched = watchDescriptors(quickFileSystem);
    expect(await applyPlan(await planClean(store, policy), { fs: watched.fs })).toMatchObject({
      complete: true,
    });
    expect(watched.stillOpen()).toEqual([]);
    expect(await namesIn(store)).toEqual(["log"]);
  });

  it("does so also when its lock cannot be written", async () => {
    const store = await mixedStore();
    const watched = watchDescriptors(quickFileSystem);
    const plan = await planClean(store, policy);
    const disk = faultyFileSystem(watched.fs, [{ operation: "fstat", path: /\.lock\./, error: "EIO" }]);
    await expect(applyPlan(plan, { fs: disk.fs })).rejects.toMatchObject({ code: "EIO" });
    expect(watched.stillOpen()).toEqual([]);
    expect(await namesIn(store)).toEqual([]);
  });
});
