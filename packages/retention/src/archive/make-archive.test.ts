import { appendFile, readdir, readFile, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { compressSegment, nodeFileSystem, temporaryName } from "@prodigy-events/storage";
import { type Fault, fakeClock, faultyFileSystem, temporaryDirectory } from "@prodigy-events/test-kit";
import { describe, expect, it } from "vitest";
import { contentSums } from "../content/content-sums.js";
import { archiveNames } from "./archive-names.js";
import { type ArchiveRequest, makeArchive } from "./make-archive.js";

const fileName = "events-20260101_000000_000-k3f9.jsonl";
const line = (id: string) =>
  `${JSON.stringify({ id, timestamp: "2026-01-01T00:00:00Z", event: { event_type: "note" }, metadata: {} })}\n`;
const content = line("a") + line("b");
const other = line("c") + line("d");
const expected = { records: 2, malformed: 0, bytes: content.length };

/** A segment, a disk with faults, and an empty archive. */
async function setUp(
  faults: (paths: { contentPath: string; archiveDirectory: string }) => Fault[] = () => [],
) {
  const { path: base } = await temporaryDirectory();
  const [contentPath, archiveDirectory] = [join(base, fileName), join(base, "archive")];
  await writeFile(contentPath, content);
  const disk = faultyFileSystem(nodeFileSystem, faults({ contentPath, archiveDirectory }));
  const request: ArchiveRequest = {
    ...{ contentPath, fileName, isWhole: true, archiveDirectory, expected },
    ...{ fs: disk.fs, clock: fakeClock(Date.now()), signal: undefined },
  };
  return { request, disk, names: () => readdir(archiveDirectory) };
}

const wholeName = archiveNames(fileName, "", true)[0]!;

describe("an archive copy", () => {
  it("is new the first time and used again the next, byte for byte the same and durable both times", async () => {
    const { request, disk, names } = await setUp();
    const path = join(request.archiveDirectory, wholeName);
    expect(await makeArchive(request)).toEqual({ path, isNew: true });
    const bytes = await readFile(path);
    expect(gunzipSync(bytes).toString()).toBe(content);
    const before = disk.calls.length;
    expect(await makeArchive(request)).toEqual({ path, isNew: false });
    expect(await readFile(path)).toEqual(bytes);
    const again = (name: string) => disk.calls.slice(before).filter(({ operation }) => operation === name);
    expect(again("fsync").map((call) => call.path)).toEqual([path, request.archiveDirectory]);
    expect(again("close")).toHaveLength(again("open").length);
    expect(await names()).toEqual([wholeName]);
  });

  it("is made of a compressed segment as well, and leaves nothing else behind", async () => {
    const { request, names } = await setUp();
    await writeFile(request.contentPath, gzipSync(content));
    const { path, isNew } = await makeArchive(request);
    expect(isNew).toBe(true);
    expect(gunzipSync(await readFile(path)).toString()).toBe(content);
    expect(await names()).toEqual([wholeName]);
  });

  it("takes the next name when the best one has other content, even of the same size", async () => {
    const { request, names } = await setUp();
    await makeArchive(request);
    await writeFile(request.contentPath, other);
    const { path, isNew } = await makeArchive(request);
    expect(isNew).toBe(true);
    expect(gunzipSync(await readFile(path)).toString()).toBe(other);
    expect(await names()).toHaveLength(2);
  });

  it("is refused when every name that it could get has other content or is damaged", async () => {
    for (const taken of [gzipSync(other), gzipSync(content).subarray(0, -6)]) {
      const { request, names } = await setUp();
      const { sha256 } = await contentSums(request.contentPath, nodeFileSystem);
      const { archiveDirectory } = request;
      await makeArchive(request);
      const all = archiveNames(fileName, sha256, true);
      for (const name of all) await writeFile(join(archiveDirectory, name), taken);
      await expect(makeArchive(request)).rejects.toMatchObject({
        code: "ARCHIVE_FULL",
        path: archiveDirectory,
        message: `${archiveDirectory} has other files under every name that the copy of ${fileName} could get; archive to another directory`,
      });
      expect((await names()).sort()).toEqual([...all].sort());
    }
  });

  it("is not made when it cannot be told what has its name", async () => {
    const { request, names } = await setUp(({ archiveDirectory }) => [
      { operation: "open", path: join(archiveDirectory, wholeName), error: "EACCES" },
    ]);
    await expect(makeArchive(request)).rejects.toMatchObject({ code: "EACCES" });
    expect(await names()).toEqual([]);
  });

  it("removes what a crash left an hour ago, and nothing younger", async () => {
    const { request, names } = await setUp();
    await makeArchive(request);
    const [old, young] = [temporaryName("old"), temporaryName("young")];
    for (const name of [old, young]) await writeFile(join(request.archiveDirectory, name), "");
    await utimes(join(request.archiveDirectory, old), 1, 1);
    await makeArchive(request);
    expect((await names()).sort()).toEqual([young, wholeName].sort());
  });
});

describe("archiving fails, and leaves nothing,", () => {
  it.each<[string, (path: string) => Promise<void>, (content: string) => Uint8Array | string]>([
    ["when the segment grows meanwhile", (path) => appendFile(path, line("late")), (text) => text],
    ["when its content is another", (path) => writeFile(path, other), (text) => text],
    ["when a compressed one is another", (path) => writeFile(path, gzipSync(other)), gzipSync],
  ])("%s", async (_, change, stored) => {
    // The first reading sums it up, the second tells its encoding, the third is for the copy.
    const { request, names } = await setUp(({ contentPath }) => [
      { operation: "open", path: contentPath, nth: 3, run: () => change(contentPath) },
    ]);
    const { contentPath } = request;
    await writeFile(contentPath, stored(content));
    await expect(makeArchive(request)).rejects.toMatchObject({
      code: "NOT_CONSERVED",
      path: contentPath,
      message: `${contentPath} changed while it was archived; nothing was removed, run the clean again`,
    });
    expect(await names()).toEqual([]);
  });

  it.each([true, false])(
    "when the copy does not hold what the plan says (made before: %s)",
    async (isThere) => {
      const { request, names } = await setUp();
      const { contentPath } = request;
      if (isThere) await makeArchive(request);
      await expect(makeArchive({ ...request, expected: { ...expected, records: 3 } })).rejects.toMatchObject({
        code: "NOT_CONSERVED",
        path: contentPath,
        message: `the archive copy of ${contentPath} holds (records 2, other lines 0, bytes ${content.length}) where the plan says (records 3, other lines 0, bytes ${content.length}); nothing was removed, run the clean again`,
      });
      expect(await names()).toEqual(isThere ? [wholeName] : []);
    },
  );

  it("when it is aborted, before anything is compressed", async () => {
    const { request, disk, names } = await setUp();
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(makeArchive({ ...request, signal })).rejects.toThrow("enough");
    expect(disk.calls.filter(({ operation }) => operation === "write")).toEqual([]);
    expect(await names()).toEqual([]);
  });

  it("when it is aborted while it compresses", async () => {
    const { request, disk, names } = await setUp();
    const abort = new AbortController();
    disk.add({ operation: "write", run: () => abort.abort(new Error("enough")) });
    await expect(makeArchive({ ...request, signal: abort.signal })).rejects.toThrow("enough");
    expect(await names()).toEqual([]);
  });
});

it("an archive copy made by the writer's own compression is used again", async () => {
  const { request } = await setUp();
  await makeArchive(request);
  const path = join(request.archiveDirectory, wholeName);
  await compressSegment(request.contentPath, path, { memberBytes: 100 });
  expect(await makeArchive(request)).toEqual({ path, isNew: false });
});
