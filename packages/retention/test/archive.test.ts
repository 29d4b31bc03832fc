import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { faultyFileSystem } from "@prodigy-events/test-kit";
import { describe, expect, it } from "vitest";
import { applyPlan, planClean } from "./support/clean.js";
import { linesOf } from "./support/lines.js";
import { hourMs, linesBelow, quickFileSystem, TestStore } from "./support/test-store.js";

const policy = { olderThanMs: 3 * hourMs };
const [first, second, third] = linesOf("aaaa", [9, 8, 1]) as [string, string, string];

const archiving = (store: TestStore) => ({ ...policy, archive: { directory: store.archive } });

describe("the archive", () => {
  it("is gzip that belongs to its owner alone, in the place that mirrors the store", async () => {
    const store = await TestStore.create();
    await store.segment({ producerId: "aaaa", content: first + second });
    const plan = await planClean(store, archiving(store));
    const { outcomes, totals } = await applyPlan(plan);
    const path = join(store.archive, "repo", "job-1", "events-20260601_070000_000-aaaa.jsonl.rotated.gz");
    expect(outcomes).toMatchObject([{ archivePath: path }]);
    expect(totals).toMatchObject({ archived: { records: 2 }, deleted: { records: 0, bytes: 0 } });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(store.archive)).mode & 0o777).toBe(0o700);
  });

  it("does not need hard links", async () => {
    const store = await TestStore.create();
    await store.segment({ producerId: "aaaa", content: first + second });
    const disk = faultyFileSystem(quickFileSystem, [
      { operation: "link", error: "EPERM", times: "from then on" },
    ]);
    expect(await applyPlan(await planClean(store, archiving(store)), { fs: disk.fs })).toMatchObject({
      complete: true,
    });
    expect(await linesBelow(store.archive)).toEqual([first, second]);
  });

  it("never replaces a file that is there already", async () => {
    const store = await TestStore.create();
    await store.segment({ producerId: "aaaa", content: first + second });
    const taken = join(store.archive, "repo", "job-1", "events-20260601_070000_000-aaaa.jsonl.rotated.gz");
    await store.file(taken, { content: "something else\n" });
    await applyPlan(await planClean(store, archiving(store)));
    expect(await readFile(taken, "utf8")).toBe("something else\n");
    expect(await linesBelow(store.archive)).toEqual([first, second, "something else\n"].sort());
  });

  it("does not mind damaged files in it, and leaves them as they are", async () => {
    const store = await TestStore.create();
    await store.segment({ producerId: "aaaa", content: first + second + third });
    const place = join(store.archive, "repo", "job-1");
    const damaged = gzipSync(first).subarray(0, -6);
    const names = [
      "events-20260601_070000_000-aaaa.jsonl.rotated.gz",
      "events-20260601_070000_000-aaaa.part-0.jsonl.rotated.gz",
    ];
    for (const name of names) await store.file(join(place, name), { content: damaged });
    expect(await applyPlan(await planClean(store, archiving(store)))).toMatchObject({ complete: true });
    expect(await applyPlan(await planClean(store, { ...archiving(store), olderThanMs: 1 }))).toMatchObject({
      complete: true,
    });
    for (const name of names) expect(await readFile(join(place, name))).toEqual(damaged);
    expect(await readdir(place)).toHaveLength(4);
  });

  it("does not keep what an interrupted clean put into it and the segment still has, when the next clean cuts elsewhere", async () => {
    const store = await TestStore.create();
    await store.segment({ producerId: "aaaa", content: first + second + third });
    const disk = faultyFileSystem(quickFileSystem, [
      { operation: "rename", path: /\.clean\/\.events-/, error: "EIO" },
    ]);
    expect(await applyPlan(await planClean(store, archiving(store)), { fs: disk.fs })).toMatchObject({
      complete: false,
    });
    expect(await linesBelow(store.archive)).toEqual([first, second]);
    await applyPlan(await planClean(store, { ...archiving(store), olderThanMs: 8.5 * hourMs }));
    expect(await linesBelow(store.archive)).toEqual([first]);
    expect(await linesBelow(store.root)).toEqual([second, third]);

    await applyPlan(await planClean(store, { ...archiving(store), olderThanMs: 5 * hourMs }), {
      fs: disk.fs,
    });
    disk.add({ operation: "unlink", path: /job-1\/events-/, error: "EIO" });
    const all = { ...archiving(store), olderThanMs: 1 };
    expect(await applyPlan(await planClean(store, all), { fs: disk.fs })).toMatchObject({ complete: false });
    expect(await applyPlan(await planClean(store, all))).toMatchObject({ complete: true });
    expect(await linesBelow(store.archive)).toEqual([first, second, third]);
  });

  it("does not keep a part that an interrupted clean put into it when the next clean archives the whole", async () => {
    const store = await TestStore.create();
    await store.segment({ producerId: "aaaa", content: first + second + third });
    const disk = faultyFileSystem(quickFileSystem, [
      { operation: "rename", path: /\.clean\/\.events-/, error: "EIO" },
    ]);
    await applyPlan(await planClean(store, archiving(store)), { fs: disk.fs });
    await applyPlan(await planClean(store, { ...archiving(store), olderThanMs: 1 }));
    expect(await linesBelow(store.archive)).toEqual([first, second, third]);
    expect(await linesBelow(store.root)).toEqual([]);
  });

  it("is not made when nothing goes", async () => {
    const store = await TestStore.create();
    await store.segment({ producerId: "aaaa", content: third });
    await applyPlan(await planClean(store, archiving(store)));
    expect(await linesBelow(store.archive)).toEqual([]);
    await expect(stat(store.archive)).rejects.toMatchObject({ code: "ENOENT" });
  });
});
