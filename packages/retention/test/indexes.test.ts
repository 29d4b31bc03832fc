import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { indexDirectoryName, indexPath } from "@prodigy-events/storage";
import { faultyFileSystem } from "@prodigy-events/test-kit";
import { describe, expect, it } from "vitest";
import { applyPlan, planClean } from "./support/clean.js";
import { linesOf } from "./support/lines.js";
import { hourMs, quickFileSystem, TestStore } from "./support/test-store.js";

const policy = { olderThanMs: 3 * hourMs };
const [first, second, third] = linesOf("aaaa", [9, 8, 1]) as [string, string, string];
const gone = "events-20260601_070000_000-aaaa.jsonl";
const other = "events-20260601_070000_000-zzzz.jsonl";

/** A store with a segment, its index, and the index of another one. */
async function indexedStore(content: string): Promise<TestStore> {
  const store = await TestStore.create();
  await store.segment({ producerId: "aaaa", content });
  await mkdir(join(store.directory(), indexDirectoryName));
  for (const name of [gone, other]) await writeFile(indexPath(store.directory(), name), "");
  return store;
}

const indexesOf = (store: TestStore) => readdir(join(store.directory(), indexDirectoryName));

describe("the index of a segment", () => {
  it.each([
    ["is removed with it", first + second],
    ["is removed when it is cut", first + third],
  ])("%s", async (_, content) => {
    const store = await indexedStore(content);
    expect(await applyPlan(await planClean(store, policy))).toMatchObject({ complete: true });
    expect(await indexesOf(store)).toEqual([`${other}.idx`]);
  });

  it("stays with a segment that stays", async () => {
    const store = await indexedStore(third);
    await applyPlan(await planClean(store, policy));
    expect(await indexesOf(store)).toEqual([`${gone}.idx`, `${other}.idx`]);
  });

  it("that cannot be removed is no failure", async () => {
    const store = await indexedStore(first + second);
    const disk = faultyFileSystem(quickFileSystem, [
      { operation: "unlink", path: /\.idx$/, error: "EACCES" },
    ]);
    const report = await applyPlan(await planClean(store, policy), { fs: disk.fs });
    expect(report).toMatchObject({ complete: true });
    expect(await indexesOf(store)).toEqual([`${gone}.idx`, `${other}.idx`]);
  });
});
