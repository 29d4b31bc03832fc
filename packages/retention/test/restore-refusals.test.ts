import { chmod, mkdir, readdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { sealJson } from "@prodigy-events/storage";
import { type Fault, faultyFileSystem } from "@prodigy-events/test-kit";
import { describe, expect, it } from "vitest";
import { applyPlan, planClean } from "./support/clean.js";
import { cleanedStore, restore, segmentName, whole } from "./support/cleaned-store.js";
import { hourMs, linesBelow, quickFileSystem, TestStore } from "./support/test-store.js";

describe("restoring refuses", () => {
  it("to overwrite a segment of that name with other content, in whatever state, and names it", async () => {
    const { store } = await cleanedStore();
    const path = await store.segment({ producerId: "aaaa", content: "other\n", form: "rotated" });
    const report = await restore(store);
    expect(report).toMatchObject({ complete: false, totals: { restored: 1 } });
    expect(report.outcomes).toContainEqual(
      expect.objectContaining({ status: "conflict", message: expect.stringContaining(path) }),
    );
    expect(await readFile(path, "utf8")).toBe("other\n");
  });

  it("what appears under its name at the last moment", async () => {
    const { store } = await cleanedStore();
    const path = join(store.directory(), `${segmentName}.rotated.gz`);
    const disk = faultyFileSystem(quickFileSystem, [
      { operation: "link", path: /aaaa/, run: () => writeFile(path, "other\n") },
    ]);
    const report = await restore(store, { fs: disk.fs });
    expect(report.outcomes).toContainEqual(
      expect.objectContaining({ status: "failed", message: expect.stringContaining("exists already") }),
    );
    expect(await readFile(path, "utf8")).toBe("other\n");
  });

  it("to replace a file where there are no hard links", async () => {
    const { store, all } = await cleanedStore();
    const path = join(store.directory(), `${segmentName}.rotated.gz`);
    const noLinks: Fault = { operation: "link", error: "ENOTSUP", times: "from then on" };
    expect(await restore(store, { fs: faultyFileSystem(quickFileSystem, [noLinks]).fs })).toMatchObject({
      complete: true,
    });
    expect(await linesBelow(store.root)).toEqual(all);
    await rm(path);
    const appears: Fault = { operation: "lstat", path, run: () => writeFile(path, "other\n") };
    const report = await restore(store, { fs: faultyFileSystem(quickFileSystem, [noLinks, appears]).fs });
    expect(report.outcomes).toContainEqual(
      expect.objectContaining({ status: "failed", message: expect.stringContaining("exists already") }),
    );
    expect(await readFile(path, "utf8")).toBe("other\n");
  });

  it("a file whose compression is damaged", async () => {
    const { store } = await cleanedStore();
    const path = join(store.archive, "repo", "job-1", `${segmentName}.rotated.gz`);
    await truncate(path, (await stat(path)).size - 5);
    expect((await restore(store)).outcomes).toContainEqual(
      expect.objectContaining({
        status: "damaged",
        archivePath: path,
        message: expect.stringContaining(path),
      }),
    );
  });

  it("a file that is not what its manifest says", async () => {
    const { store } = await cleanedStore();
    const path = join(store.archive, "repo", "job-1", `${segmentName}.rotated.gz`);
    await writeFile(path, whole.join("").replace("aaaa-0", "zzzz-0"));
    expect((await restore(store)).outcomes).toContainEqual(
      expect.objectContaining({ status: "damaged", archivePath: path }),
    );
  });

  it("a store that others can reach, unless forced", async () => {
    const { store, all } = await cleanedStore();
    await chmod(store.root, 0o755);
    await expect(restore(store)).rejects.toMatchObject({ code: "ROOT_NOT_PRIVATE" });
    expect(await restore(store, { dryRun: true })).toMatchObject({ complete: true });
    expect(await restore(store, { force: true })).toMatchObject({ complete: true });
    expect(await linesBelow(store.root)).toEqual(all);
  });

  it("to write to a directory outside the store on the word of the archive alone", async () => {
    const store = await TestStore.create();
    const path = await store.file(join(store.outside, "foreign.jsonl"), { content: whole.join("") });
    const policy = { olderThanMs: hourMs, archive: { directory: store.archive } };
    await applyPlan(await planClean(store, policy, { files: [path] }));
    expect(await linesBelow(store.outside)).toEqual([]);

    const [outcome] = (await restore(store)).outcomes;
    expect(outcome).toMatchObject({ status: "outside", message: expect.stringContaining(store.outside) });
    expect(await restore(store, { localDirectories: [store.root] })).toMatchObject({
      complete: false,
      totals: { restored: 0 },
    });
    expect(await restore(store, { localDirectories: [store.outside] })).toMatchObject({
      complete: true,
      totals: { restored: 1 },
    });
    expect(await linesBelow(store.outside)).toEqual(whole);

    const [place] = await readdir(join(store.archive, "_files"));
    await writeFile(join(store.archive, "_files", place!, ".origin.json"), "{}");
    expect((await restore(store, { localDirectories: [store.outside] })).outcomes).toMatchObject([
      { status: "outside", message: expect.stringContaining("unknown directory") },
    ]);
    await writeFile(
      join(store.archive, "_files", place!, ".origin.json"),
      sealJson({ version: 1, directory: "/etc" }),
    );
    expect((await restore(store, { localDirectories: [store.outside] })).outcomes).toMatchObject([
      { status: "outside" },
    ]);
  });

  it("what is no segment, and looks into no hidden directory", async () => {
    const store = await TestStore.create();
    const place = join(store.archive, "repo", "job-1");
    await store.file(join(place, "notes.txt"), { content: "mine" });
    await store.file(join(place, ".hidden", "events-x.jsonl"), { content: whole.join("") });
    await mkdir(join(place, "events-d.jsonl"));
    expect(await restore(store)).toMatchObject({ complete: true, outcomes: [] });
  });
});
