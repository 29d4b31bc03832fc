import { readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Manifest, manifestPath, readManifest, writeManifest } from "@prodigy-events/storage";
import { type Fault, faultyFileSystem } from "@prodigy-events/test-kit";
import { describe, expect, it } from "vitest";
import { applyPlan, planClean } from "./support/clean.js";
import { linesOf } from "./support/lines.js";
import { hourMs, linesBelow, quickFileSystem, TestStore } from "./support/test-store.js";

const policy = { olderThanMs: 3 * hourMs };
const [first, second, third] = linesOf("aaaa", [9, 8, 1]) as [string, string, string];
const name = "events-20260601_070000_000-aaaa.jsonl";
const archiving = (store: TestStore) => ({ ...policy, archive: { directory: store.archive } });

describe("a step that fails", () => {
  it.each<[string, string, Fault, string]>([
    [
      "the look at the source",
      first + second,
      { operation: "lstat", path: /\/events-2/, error: "EACCES" },
      "cannot examine @: permission denied (EACCES); check the owner and mode of the file and of every directory above it",
    ],
    [
      "the removal",
      first + second,
      { operation: "unlink", path: /\/events-2/, error: "EACCES" },
      "cannot remove @: permission denied (EACCES); check the owner and mode of the file and of every directory above it",
    ],
    [
      "the replacement",
      first + third,
      { operation: "rename", path: /\.clean\/\.events/, error: "EIO" },
      "cannot replace @: input/output error (EIO); the disk may be failing: check the kernel log (dmesg) and back up",
    ],
    [
      "the look at who has appended",
      first + second,
      { operation: "fstat", path: /\/events-2/, nth: 2, error: "EIO" },
      "cannot remove @: input/output error (EIO); the disk may be failing: check the kernel log (dmesg) and back up",
    ],
  ])("is told with what, where, why and what to do: %s", async (_, content, fault, message) => {
    const store = await TestStore.create();
    const path = await store.segment({ producerId: "aaaa", content });
    const disk = faultyFileSystem(quickFileSystem, [fault]);
    const { outcomes } = await applyPlan(await planClean(store, policy), { fs: disk.fs });
    expect(outcomes).toMatchObject([
      {
        status: "failed",
        error: { code: "error" in fault && fault.error, message: message.replace("@", path) },
      },
    ]);
  });

  it("is told as what it is, also when the clean was aborted at that moment", async () => {
    const store = await TestStore.create();
    const path = await store.segment({ producerId: "aaaa", content: first + third });
    const abort = new AbortController();
    const disk = faultyFileSystem(quickFileSystem, [
      { operation: "fsync", path: /\.clean\/log$/, run: () => abort.abort() },
      { operation: "rename", path: /\.manifest/, error: "EIO" },
    ]);
    const { outcomes } = await applyPlan(await planClean(store, policy), {
      fs: disk.fs,
      signal: abort.signal,
    });
    expect(outcomes).toMatchObject([{ status: "failed", error: { code: "EIO" } }]);
    expect(await readFile(path, "utf8")).toBe(first + third);
  });

  it("is told when a manifest is damaged by now, which is no error of the system", async () => {
    const store = await TestStore.create();
    const path = await store.segment({
      ...{ producerId: "aaaa", content: first + third, form: "rotated", sealed: true },
    });
    const plan = await planClean(store, policy);
    await writeFile(manifestPath(store.directory(), name), "damaged");
    const { outcomes } = await applyPlan(plan);
    expect(outcomes).toMatchObject([
      {
        status: "failed",
        error: {
          code: "MANIFEST_DAMAGED",
          message: expect.stringContaining(manifestPath(store.directory(), name)),
        },
      },
    ]);
    expect(await readFile(path, "utf8")).toBe(first + third);
  });

  it.each<[string, string, number]>([
    ["removed", first + second, 2], // the first is that of `.clean`
    ["cut", first + third, 3], // the second is that of `.manifest`
  ])(
    "after a segment was %s is a failure, also when it looks as if somebody had changed that",
    async (_, content, nth) => {
      const store = await TestStore.create();
      await store.segment({ producerId: "aaaa", content, form: "rotated", sealed: true });
      const disk = faultyFileSystem(quickFileSystem, [
        { operation: "fsync", path: store.directory(), nth, error: "ENOENT" },
      ]);
      const { outcomes } = await applyPlan(await planClean(store, policy), { fs: disk.fs });
      expect(disk.calls.some(({ injected }) => injected !== undefined)).toBe(true);
      expect(outcomes).toMatchObject([{ status: "failed", error: { code: "ENOENT" } }]);
      expect((await linesBelow(store.root)).join("")).toBe(content.includes(third) ? third : "");
    },
  );
});

describe("an archive that fails", () => {
  it("is a failure of the clean, although the segment was renamed at the same time", async () => {
    const store = await TestStore.create();
    const path = await store.segment({ producerId: "aaaa", content: first + second });
    const disk = faultyFileSystem(quickFileSystem, [
      { operation: "write", path: /\/archive\//, error: "EIO" },
      { operation: "unlink", path: /\/archive\//, run: () => rename(path, `${path}.rotated`) },
    ]);
    const { outcomes } = await applyPlan(await planClean(store, archiving(store)), { fs: disk.fs });
    expect(outcomes).toMatchObject([{ status: "failed", error: { code: "EIO" } }]);
    expect(await readFile(`${path}.rotated`, "utf8")).toBe(first + second);
  });

  it("because it vanished is no change of the segment", async () => {
    const store = await TestStore.create();
    const path = await store.segment({ producerId: "aaaa", content: first + second });
    const run = () => rm(store.archive, { recursive: true });
    const disk = faultyFileSystem(quickFileSystem, [{ operation: "link", path: /\/archive\//, run }]);
    const { outcomes } = await applyPlan(await planClean(store, archiving(store)), { fs: disk.fs });
    expect(outcomes).toMatchObject([{ status: "failed", error: { code: "ENOENT" } }]);
    expect(await readFile(path, "utf8")).toBe(first + second);
  });
});

describe("the manifest of a cut segment", () => {
  async function sealedStore(
    content: string,
  ): Promise<{ store: TestStore; manifest: Manifest; path: string }> {
    const store = await TestStore.create();
    const path = await store.segment({ producerId: "aaaa", content, form: "rotated", sealed: true });
    return { store, path, manifest: (await readManifest(store.directory(), name))! };
  }

  it("is not made when the former one describes something else by now: the segment is skipped", async () => {
    const { store, path, manifest } = await sealedStore(first + third);
    const plan = await planClean(store, policy);
    await writeManifest(store.directory(), { ...manifest, bytes: manifest.bytes + 1 });
    const { outcomes } = await applyPlan(plan);
    expect(outcomes).toMatchObject([{ status: "skipped", skipReason: "changed" }]);
    expect(await readFile(path, "utf8")).toBe(first + third);
  });

  it("goes on with the numbers after those that went when no record stayed", async () => {
    const { store, path } = await sealedStore(`${first}bad\n`);
    expect(await applyPlan(await planClean(store, policy))).toMatchObject({ complete: true });
    expect(await readFile(path, "utf8")).toBe("bad\n");
    expect(await readManifest(store.directory(), name)).toMatchObject({ firstSequence: 1, lastSequence: 0 });
  });

  it("is not made for a file of somebody else, whatever its name", async () => {
    const store = await TestStore.create();
    const path = await store.file(join(store.outside, "events.txt"), { content: first + third });
    expect(await applyPlan(await planClean(store, policy, { files: [path] }))).toMatchObject({
      complete: true,
    });
    expect(await readFile(path, "utf8")).toBe(third);
    expect(await readdir(store.outside)).toEqual([".clean", "events.txt"]);
  });

  it("begins at 0 when it never held a number", async () => {
    const { store } = await sealedStore(`${first.replace(/,"sequence":0/, "")}bad\n`);
    expect(await applyPlan(await planClean(store, policy))).toMatchObject({ complete: true });
    expect(await readManifest(store.directory(), name)).toMatchObject({ firstSequence: 0, lastSequence: -1 });
  });

  it("lists 20,000 removed ranges, and none when there would be more", async () => {
    for (const [earlier, listed] of [
      [19_999, 20_000],
      [20_000, undefined],
    ] as const) {
      const { store, manifest } = await sealedStore(first + third);
      // Every other byte of a million that were there once, then the content that is left.
      const removed = Array.from({ length: earlier }, (_, index) => ({
        ...{ offset: 1_000_000 + 2 * index, length: 1, lines: 1 },
      }));
      await writeManifest(store.directory(), { ...manifest, removed });
      expect(await applyPlan(await planClean(store, policy))).toMatchObject({ complete: true });
      expect((await readManifest(store.directory(), name))!.removed?.length).toBe(listed);
    }
  });
});

describe("a late line", () => {
  it("gets a name of its own when there is a file with that of this moment already", async () => {
    const store = await TestStore.create();
    const shared = join(store.directory(), "events-shared.jsonl");
    await store.file(shared, { content: first + third });
    const taken = join(store.directory(), "events-shared-20260601_120000_000.jsonl.rotated.gz");
    await writeFile(taken, "");
    const { outcomes } = await applyPlan(await planClean(store, policy, { files: [shared] }));
    expect(outcomes).toMatchObject([
      {
        status: "done",
        keptPath: join(store.directory(), "events-shared-20260601_120000_001.jsonl.rotated"),
      },
    ]);
  });
});
