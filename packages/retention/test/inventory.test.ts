import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { openStore } from "@prodigy-events/query";
import { manifestPath } from "@prodigy-events/storage";
import { faultyFileSystem } from "@prodigy-events/test-kit";
import { describe, expect, it } from "vitest";
import { gatherInventory, type RetentionPolicy, scopeOfStore } from "../src/index.js";
import { planClean } from "./support/clean.js";
import { linesOf } from "./support/lines.js";
import { hourMs, nowMs, quickFileSystem, TestStore } from "./support/test-store.js";

const policy = { olderThanMs: 3 * hourMs };
const old = linesOf("aaaa", [9, 8]).join("");

describe("the scope of a store", () => {
  it("names only files that were named one by one", async () => {
    const store = await TestStore.create();
    const path = await store.file(join(store.directory(), "foreign.jsonl"), { content: old });
    const everything = await scopeOfStore(await store.open());
    expect(everything).toStrictEqual({
      segments: [expect.objectContaining({ path })],
      root: store.root,
      namedFiles: [],
    });
    const named = await scopeOfStore(await store.open({ files: [path] }), ["job-1"]);
    expect(named).toMatchObject({ namedFiles: [path], jobIds: ["job-1"] });
  });

  it("cannot be standard input, also beside a file", async () => {
    const store = await TestStore.create();
    const path = await store.file(join(store.outside, "foreign.jsonl"), { content: old });
    const stdin = (async function* () {})();
    const opened = await openStore({ root: store.root, files: [path, "-"], stdin });
    await expect(scopeOfStore(opened)).rejects.toMatchObject({
      code: "BAD_SCOPE",
      message: "events from standard input cannot be cleaned; give the files they are in",
    });
  });
});

describe("an inventory", () => {
  it("survives JSON, without a store as well", async () => {
    const store = await TestStore.create();
    await store.segment({ producerId: "aaaa", content: old });
    await store.file(join(store.outside, ".prodigy", "events", "mapreduce_events.jsonl"), { content: old });
    await store.segment({ producerId: "bbbb", content: linesOf("bbbb", [1]).join(""), producer: "alive" });
    const scope = await scopeOfStore(await store.open({ local: true }), ["job-1"]);
    for (const each of [scope, { segments: scope.segments }]) {
      const inventory = await gatherInventory(each, policy, { nowMs });
      expect(JSON.parse(JSON.stringify(inventory))).toStrictEqual(inventory);
    }
  });

  it("is ordered by path, has each segment once, and each directory's other files", async () => {
    const store = await TestStore.create();
    const paths: string[] = [];
    for (const jobId of ["job-1", "job-2", "job-3"]) {
      paths.push(await store.segment({ producerId: "aaaa", content: old, jobId }));
      await store.file(join(store.directory(jobId), "notes.txt"), { content: "" });
    }
    const scope = await scopeOfStore(await store.open());
    const [a, b, c] = scope.segments;
    for (const segments of [
      [c!, b!, a!],
      [b!, a!, c!, b!],
      [b!, c!, a!, c!],
      [a!, c!, b!],
    ]) {
      const inventory = await gatherInventory({ ...scope, segments }, policy, { nowMs });
      expect(inventory.segments.map(({ path }) => path)).toEqual(paths);
      expect(inventory.unknownFiles).toEqual(
        ["job-1", "job-2", "job-3"].map((jobId) => join(store.directory(jobId), "notes.txt")),
      );
    }
  });

  it("does not look through the directory of a file outside the store", async () => {
    const store = await TestStore.create();
    const path = await store.file(join(store.outside, "foreign.jsonl"), { content: old });
    await store.file(join(store.outside, "diary.txt"), { content: "" });
    expect((await planClean(store, policy, { files: [path] })).unknownFiles).toEqual([]);
  });

  it("says nothing of what could go from a protected segment", async () => {
    const store = await TestStore.create();
    await store.segment({ producerId: "aaaa", content: old, producer: "alive" });
    const { segments } = await gatherInventory(await scopeOfStore(await store.open()), policy, { nowMs });
    expect(segments).toMatchObject([{ protection: "producer-alive", reachedBy: ["olderThanMs"] }]);
    expect(segments[0]).not.toHaveProperty("removable");
  });

  it("finds the oldest record of a file that is in no order", async () => {
    const store = await TestStore.create();
    const content = linesOf("aaaa", [5, 9, 7, 8, 6]).join("");
    await store.file(join(store.directory(), "foreign.jsonl"), { content, form: "rotated" });
    for (const maxEvents of [1, 2, 3, 4]) {
      const plan = await planClean(store, { maxEvents });
      expect(plan.totals.removed.records).toBe(5 - maxEvents);
    }
  });

  it("tells the size of a gzip that others made", async () => {
    const store = await TestStore.create();
    await store.file(join(store.directory(), "foreign.jsonl.gz"), { content: gzipSync(`${old}{\n`) });
    const plan = await planClean(store, policy);
    expect(plan.segments).toMatchObject([
      { encoding: "gzip", before: { records: 2, malformed: 1, bytes: old.length + 2 } },
    ]);
  });

  it("keeps a segment that is damaged in the middle although it seems to be whole", async () => {
    const store = await TestStore.create();
    const content = linesOf(
      "aaaa",
      Array.from({ length: 20 }, () => 9),
    ).join("");
    const path = await store.segment({ producerId: "aaaa", content, form: "gz" });
    const bytes = await readFile(path);
    const secondMember = bytes.indexOf(Buffer.from([0x1f, 0x8b, 8]), 1);
    bytes[secondMember - 6]! ^= 0xff; // the checksum of the first one
    await writeFile(path, bytes);
    const plan = await planClean(store, { ...policy, maxEvents: 1, maxBytes: 1 });
    expect(plan.segments).toMatchObject([{ action: "keep", keepReason: "unreadable", encoding: "gzip" }]);
  });

  it("keeps a segment that cannot be opened, as if it were plain", async () => {
    const store = await TestStore.create();
    const path = await store.segment({ producerId: "aaaa", content: old });
    const disk = faultyFileSystem(quickFileSystem, [
      { operation: "open", path, error: "EACCES", times: "from then on" },
    ]);
    expect((await planClean(store, policy, {}, { fs: disk.fs })).segments).toMatchObject([
      { action: "keep", keepReason: "unreadable", encoding: "plain" },
    ]);
  });

  it("leaves a segment alone that is newer than what may go, when just all that may go is too much", async () => {
    const store = await TestStore.create();
    const alive = linesOf("aaaa", [2, 1]).join("");
    await store.segment({ producerId: "aaaa", content: alive, producer: "alive" });
    await store.segment({ producerId: "bbbb", content: linesOf("bbbb", [9, 8]).join("") });
    const plan = await planClean(store, { maxBytes: alive.length });
    expect(plan.segments).toMatchObject([
      { keepReason: "within-policy", limits: [] },
      { action: "remove", limits: ["maxBytes"] },
    ]);
  });

  it("reads again only where a limit cuts", async () => {
    const store = await TestStore.create();
    const paths: string[] = [];
    for (const [producerId, hoursAgo] of [
      ["aaaa", [9, 8]],
      ["bbbb", [6, 5]],
      ["cccc", [2, 1]],
    ] as const)
      paths.push(await store.segment({ producerId, content: linesOf(producerId, hoursAgo).join("") }));
    const opened = async (policy: RetentionPolicy) => {
      const disk = faultyFileSystem(quickFileSystem);
      await planClean(store, policy, {}, { fs: disk.fs });
      return paths.map(
        (path) => disk.calls.filter((call) => call.operation === "open" && call.path === path).length,
      );
    };
    const [once] = await opened({ olderThanMs: 100 * hourMs });
    expect(await opened({ olderThanMs: 4 * hourMs })).toEqual([once, once, once]);
    expect(await opened({ olderThanMs: 5.5 * hourMs })).toEqual([once, once! + 1, once]);
    // All are read to count by time, then the one where the count ends, to find the record, and to count what goes.
    expect(await opened({ maxEvents: 3 })).toEqual([once! + 1, once! + 3, once! + 1]);
  });

  it.each<[string, RetentionPolicy]>([
    ["a count ends", { maxEvents: 2 }],
    ["an age cuts", { olderThanMs: 8.5 * hourMs }],
  ])("is an error, not a guess, when a segment cannot be read again to find where %s", async (_, policy) => {
    let failed = 0;
    for (let nth = 1, wasHit = true; wasHit; nth += 1) {
      const store = await TestStore.create();
      const path = await store.segment({ producerId: "aaaa", content: old });
      await store.segment({ producerId: "bbbb", content: linesOf("bbbb", [2, 1]).join("") });
      const disk = faultyFileSystem(quickFileSystem, [{ operation: "read", path, nth, error: "EIO" }]);
      const keepReasonOrError = await planClean(store, policy, {}, { fs: disk.fs }).then(
        ({ segments }) => segments[0]!.keepReason,
        (error) => error.code,
      );
      wasHit = disk.calls.some(({ injected }) => injected !== undefined);
      if (wasHit) expect(["unreadable", "EIO"]).toContain(keepReasonOrError);
      if (keepReasonOrError === "EIO") failed += 1;
    }
    expect(failed).toBeGreaterThan(0);
  });

  it("stops at once when it is aborted while it reads again", async () => {
    const store = await TestStore.create();
    const path = await store.segment({ producerId: "aaaa", content: old });
    const counting = faultyFileSystem(quickFileSystem);
    await planClean(store, policy, {}, { fs: counting.fs });
    const opens = counting.calls.filter((call) => call.operation === "open" && call.path === path).length;
    const abort = new AbortController();
    const run = () => abort.abort(new Error("now"));
    const disk = faultyFileSystem(quickFileSystem, [{ operation: "open", path, nth: opens + 1, run }]);
    await expect(
      planClean(store, { maxEvents: 1 }, {}, { fs: disk.fs, signal: abort.signal }),
    ).rejects.toThrow("now");
    expect(disk.calls.filter((call) => call.operation === "open" && call.path === path)).toHaveLength(
      opens + 1,
    );
  });
});

describe("a segment that is renamed", () => {
  it("just before it is read is found again", async () => {
    const store = await TestStore.create();
    const path = await store.segment({ producerId: "aaaa", content: old });
    const renamed = `${path}.rotated`;
    const disk = faultyFileSystem(quickFileSystem, [
      { operation: "open", path, run: () => rename(path, renamed) },
    ]);
    const scope = await scopeOfStore(await store.open());
    const { segments } = await gatherInventory(scope, policy, { nowMs, fs: disk.fs });
    expect(segments).toMatchObject([{ path: renamed, removable: { records: 2 } }]);
    expect(segments[0]).not.toHaveProperty("protection");
  });

  it("again and again is an error in the end", async () => {
    const store = await TestStore.create();
    const path = await store.segment({ producerId: "aaaa", content: old });
    const disk = faultyFileSystem(quickFileSystem, [
      { operation: "open", path, error: "ENOENT", times: "from then on" },
    ]);
    await expect(planClean(store, policy, {}, { fs: disk.fs })).rejects.toMatchObject({
      code: "ENOENT",
      path,
    });
  });
});

describe("a manifest that is damaged", () => {
  const damage = async (store: TestStore, path: string) => {
    const name = path.slice(path.lastIndexOf("/") + 1).replace(/\.rotated$/, "");
    await writeFile(manifestPath(store.directory(), name), "{}\n");
    return manifestPath(store.directory(), name);
  };
  const sealed = { producerId: "aaaa", sealed: true, form: "rotated" } as const;

  it("does not keep a segment from going whole; the file's own time says when it was closed", async () => {
    for (const [writtenAtMs, expected] of [
      [nowMs - 2 * hourMs, { action: "remove" }],
      [nowMs - 59_999, { action: "keep", keepReason: "recently-closed" }],
      [nowMs - 60_000, { action: "remove" }],
    ] as const) {
      const store = await TestStore.create();
      await damage(store, await store.segment({ ...sealed, content: old, writtenAtMs }));
      expect((await planClean(store, policy)).segments).toMatchObject([expected]);
    }
  });

  it("keeps a segment from being cut", async () => {
    const store = await TestStore.create();
    const content = linesOf("aaaa", [9, 1]).join("");
    await damage(store, await store.segment({ ...sealed, content }));
    expect((await planClean(store, policy)).segments).toMatchObject([
      { action: "keep", keepReason: "manifest-differs" },
    ]);
  });

  it("is not what a manifest is that cannot be read at all: nobody knows what it says", async () => {
    const store = await TestStore.create();
    const path = await store.segment({ ...sealed, content: linesOf("aaaa", [9, 1]).join("") });
    const manifest = await damage(store, path);
    let errors = 0;
    for (let nth = 1, wasHit = true; wasHit; nth += 1) {
      const disk = faultyFileSystem(quickFileSystem, [
        { operation: "open", path: manifest, nth, error: "EACCES" },
      ]);
      const planning = planClean(store, policy, {}, { fs: disk.fs });
      const outcome = await planning.then(
        () => "planned",
        ({ code }) => code,
      );
      wasHit = disk.calls.some(({ injected }) => injected !== undefined);
      expect(outcome).toBe(wasHit ? "EACCES" : "planned");
      if (wasHit) errors += 1;
    }
    expect(errors).toBe(2);
  });
});
