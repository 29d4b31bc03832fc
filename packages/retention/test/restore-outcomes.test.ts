import { readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { cleanLogPath, manifestPath } from "@prodigy-events/storage";
import { faultyFileSystem } from "@prodigy-events/test-kit";
import { describe, expect, it } from "vitest";
import { applyPlan, planClean } from "./support/clean.js";
import { cleanedStore, restore, segmentName, whole } from "./support/cleaned-store.js";
import { linesOf } from "./support/lines.js";
import { hourMs, linesBelow, nowMs, quickFileSystem, TestStore } from "./support/test-store.js";

const archivedName = `${segmentName}.rotated.gz`;
const archivedPath = (store: TestStore) => join(store.archive, "repo", "job-1", archivedName);
const failures = (outcomes: readonly { status: string; message?: string }[]) =>
  outcomes.filter(({ status }) => status === "failed").map(({ message }) => message);

/** An archive of a file outside the store, whose place in the archive is returned. */
async function outsideArchive(): Promise<{ store: TestStore; place: string }> {
  const store = await TestStore.create();
  const path = await store.file(join(store.outside, "foreign.jsonl"), { content: whole.join("") });
  const policy = { olderThanMs: hourMs, archive: { directory: store.archive } };
  await applyPlan(await planClean(store, policy, { files: [path] }));
  const [name] = await readdir(join(store.archive, "_files"));
  return { store, place: join(store.archive, "_files", name!) };
}

describe("restoring one repository", () => {
  it("includes the directories outside the store that the caller names, and no others", async () => {
    const { store } = await outsideArchive();
    await store.file(join(store.archive, "other", "job-1", archivedName), { content: gzipSync("x\n") });
    expect(await restore(store, { repo: "repo" })).toMatchObject({ complete: true, outcomes: [] });
    expect(await restore(store, { repo: "repo", localDirectories: [store.outside] })).toMatchObject({
      outcomes: [{ status: "restored", targetPath: expect.stringContaining(store.outside) }],
    });
    expect(await linesBelow(store.outside)).toEqual(whole);
  });
});

describe("restoring looks", () => {
  it("into no hidden directory, and past files that lie beside the directories", async () => {
    const store = await TestStore.create();
    for (const place of [".hidden/job-1", "repo/.hidden", "repo./job-1."])
      await store.file(join(store.archive, place, archivedName), { content: gzipSync(whole.join("")) });
    await store.file(join(store.archive, "README"), { content: "mine" });
    await store.file(join(store.archive, "repo", "notes.txt"), { content: "mine" });
    const { outcomes } = await restore(store, { dryRun: true });
    expect(outcomes.map(({ archivePath }) => archivePath)).toEqual([
      join(store.archive, "repo./job-1.", archivedName),
    ]);
  });

  it("no further when it cannot tell what is in the archive, and names what it could not examine", async () => {
    const { store } = await cleanedStore();
    const path = join(store.archive, "repo");
    const disk = faultyFileSystem(quickFileSystem, [{ operation: "lstat", path, error: "EACCES" }]);
    await expect(restore(store, { fs: disk.fs })).rejects.toMatchObject({
      code: "EACCES",
      message: expect.stringMatching(new RegExp(`^cannot examine ${path}: `)),
    });
  });

  it("at the store's own segments alone: the same lines under another name do not stand for a segment", async () => {
    const { store } = await cleanedStore();
    await store.segment({ producerId: "cccc", content: whole.join("") });
    const report = await restore(store);
    expect(report).toMatchObject({ complete: true, totals: { restored: 2, present: 0 } });
    expect(await readdir(store.directory())).toContain(archivedName);
  });
});

it("restoring nothing makes no store", async () => {
  const store = await TestStore.create();
  await rm(store.root, { recursive: true });
  expect(await restore(store)).toEqual({
    ...{ dryRun: false, complete: true, outcomes: [] },
    totals: { restored: 0, present: 0, records: 0, bytes: 0 },
  });
  await expect(stat(store.root)).rejects.toMatchObject({ code: "ENOENT" });
});

describe("what was restored", () => {
  it("is in the log of its directory: what, how much, and from where", async () => {
    const store = await TestStore.create();
    const content = [...linesOf("aaaa", [9, 8]), "{\n"].join("");
    await store.file(archivedPath(store), { content: gzipSync(content) });
    await restore(store);
    const log = await readFile(cleanLogPath(store.directory()), "utf8");
    expect(
      log
        .split("\n")
        .slice(0, -1)
        .map((line) => JSON.parse(line)),
    ).toEqual([
      {
        action: "restore",
        at: new Date(nowMs).toISOString(),
        segment: segmentName,
        lines: 3,
        bytes: content.length,
        ranges: [{ producerId: "aaaa", first: 0, last: 1 }],
        archive: archivedPath(store),
      },
    ]);
  });

  it("leaves no descriptor open and no file in the working directory, also when it fails", async () => {
    for (const error of [undefined, "EIO"]) {
      const { store } = await cleanedStore();
      const faults = error === undefined ? [] : [{ operation: "link", path: /aaaa/, error }];
      const disk = faultyFileSystem(quickFileSystem, faults);
      const { outcomes } = await restore(store, { fs: disk.fs });
      expect(failures(outcomes)).toHaveLength(error === undefined ? 0 : 1);
      const work = await readdir(join(store.directory(), ".clean"));
      expect(work.filter((name) => name.includes("aaaa"))).toEqual([]);
      const ofArchive = disk.calls.filter(({ path }) => path === archivedPath(store));
      const countOf = (name: string) => ofArchive.filter(({ operation }) => operation === name).length;
      expect(countOf("open")).toBeGreaterThan(0);
      expect(countOf("close")).toBe(countOf("open"));
    }
  });

  it("may come with a damaged manifest, which says nothing against its lines", async () => {
    const { store } = await cleanedStore();
    await writeFile(manifestPath(join(store.archive, "repo", "job-1"), segmentName), "{}\n");
    expect(await restore(store)).toMatchObject({ complete: true, totals: { restored: 2 } });
  });
});

describe("a file fails to be restored", () => {
  it("when its manifest cannot be read, and the others are restored", async () => {
    const { store } = await cleanedStore();
    const path = manifestPath(join(store.archive, "repo", "job-1"), segmentName);
    const disk = faultyFileSystem(quickFileSystem, [{ operation: "open", path, error: "EIO" }]);
    const { outcomes, totals } = await restore(store, { fs: disk.fs });
    expect(failures(outcomes)).toEqual([expect.stringContaining("EIO")]);
    expect(totals.restored).toBe(1);
    expect(await readdir(store.directory())).not.toContain(archivedName);
  });

  it("when it does not read the same twice", async () => {
    const { store } = await cleanedStore();
    const path = archivedPath(store);
    const changed = gzipSync(whole.join("").replace("aaaa-0", "zzzz-0"));
    const disk = faultyFileSystem(quickFileSystem, [
      // The copy is whole, and is read back next.
      { operation: "fsync", path: /aaaa.*gz/, run: () => writeFile(path, changed) },
    ]);
    const { outcomes, totals } = await restore(store, { fs: disk.fs });
    expect(failures(outcomes)).toEqual([`${path} does not read the same twice; check the disk`]);
    expect(totals.restored).toBe(1);
    expect(await readdir(store.directory())).not.toContain(archivedName);
  });

  it("when the system refuses something, and says what and for which file", async () => {
    const { store } = await cleanedStore();
    const path = archivedPath(store);
    const disk = faultyFileSystem(quickFileSystem, [
      { operation: "close", path, error: "EIO", when: "after" },
    ]);
    const { outcomes, totals } = await restore(store, { fs: disk.fs });
    expect(failures(outcomes)).toEqual([expect.stringMatching(new RegExp(`^cannot restore ${path}: .*EIO`))]);
    expect(totals.restored).toBe(1);
  });

  it("but a mistake in the program ends everything", async () => {
    const { store } = await cleanedStore();
    const close = async () => {
      throw new TypeError("a mistake");
    };
    const fs = { ...quickFileSystem, close };
    await expect(restore(store, { dryRun: true, fs })).rejects.toThrow("a mistake");
  });
});

it("a restore stops between two files when it is aborted, and what was restored stays", async () => {
  const { store } = await cleanedStore();
  const abort = new AbortController();
  const disk = faultyFileSystem(quickFileSystem, [
    { operation: "link", path: /aaaa/, run: () => abort.abort(new Error("enough")) },
  ]);
  await expect(restore(store, { fs: disk.fs, signal: abort.signal })).rejects.toThrow("enough");
  expect(await readdir(store.directory())).toContain(archivedName);
  expect(await restore(store)).toMatchObject({ complete: true, totals: { restored: 1, present: 1 } });
});

it.each([
  ["the store", cleanedStore],
  ["a directory outside the store", outsideArchive],
])("two restores never work on %s together, not even when the second breaks locks", async (_, archive) => {
  const { store } = await archive();
  const options = { localDirectories: [store.outside] };
  let second: unknown;
  const disk = faultyFileSystem(quickFileSystem, [
    {
      operation: "link",
      run: async () => {
        second = await restore(store, { ...options, breakLock: true }).catch((error) => error.code);
      },
    },
  ]);
  expect(await restore(store, { ...options, fs: disk.fs })).toMatchObject({ complete: true });
  expect(second).toBe("LOCKED");
  expect(await restore(store, options)).toMatchObject({ complete: true, totals: { restored: 0 } });
});
