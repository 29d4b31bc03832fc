import { execFileSync } from "node:child_process";
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { faultyFileSystem, temporaryDirectory } from "@prodigy-events/test-kit";
import { describe, expect, it } from "vitest";
import { nodeFileSystem } from "../files/node-file-system.js";
import { listSegments } from "./list-segments.js";
import { relocateSegment, resolveSegmentFile } from "./resolve-segment.js";

const own = "events-20260101_120000_000-k3f9a1c2.jsonl";

describe("resolveSegmentFile", () => {
  it.each([
    [own, `${own}.rotated`],
    [own, `${own}.rotated.gz`],
    [own, `${own}.bak`],
    [`${own}.rotated`, `${own}.rotated.gz`],
    [`${own}.rotated.gz`, own],
    ["events-shared.jsonl", "events-shared.jsonl.rotated"],
    ["a.jsonl", "a.jsonl.rotated"],
    ["a.jsonl", "a.jsonl.zst"],
    ["a.jsonl.bak", "a.jsonl"],
  ])("finds %s as %s", async (asked, existing) => {
    const { join } = await temporaryDirectory();
    writeFileSync(join(existing), "x");
    expect(await resolveSegmentFile(join(asked))).toMatchObject({ path: join(existing), bytes: 1 });
  });

  it("takes the very file that was named before any other state", async () => {
    const { join } = await temporaryDirectory();
    for (const suffix of ["", ".rotated", ".rotated.gz"]) writeFileSync(join(`${own}${suffix}`), "");
    expect((await resolveSegmentFile(join(`${own}.rotated.gz`)))?.path).toBe(join(`${own}.rotated.gz`));
  });

  it("takes any regular file, whatever its name, and a link to one", async () => {
    const { join } = await temporaryDirectory();
    writeFileSync(join("events.log"), "");
    symlinkSync("events.log", join("link"));
    expect(await resolveSegmentFile(join("events.log"))).toMatchObject({
      logicalName: "events.log",
      kind: "foreign",
      state: "plain",
    });
    expect(await resolveSegmentFile(join("link"))).toMatchObject({ isLink: true });
  });

  it("says nothing about a job, even in a store", async () => {
    const { join } = await temporaryDirectory();
    mkdirSync(join("events", "shop", "job-1"), { recursive: true });
    writeFileSync(join("events", "shop", "job-1", "a.jsonl"), "");
    const segment = await resolveSegmentFile(join("events", "shop", "job-1", "a.jsonl"));
    expect(segment).toBeDefined();
    expect(segment).not.toHaveProperty("jobId");
  });

  it.each(["missing.jsonl", "missing.txt", "missing/a.jsonl"])("gives undefined for %s", async (name) => {
    expect(await resolveSegmentFile((await temporaryDirectory()).join(name))).toBeUndefined();
  });

  it("refuses what is not a regular file", async () => {
    const { path, join } = await temporaryDirectory();
    execFileSync("mkfifo", [join("fifo.jsonl")]);
    for (const other of [path, join("fifo.jsonl")]) {
      await expect(resolveSegmentFile(other)).rejects.toMatchObject({ code: "NOT_A_REGULAR_FILE" });
    }
  });

  it("says what went wrong when the file cannot be examined", async () => {
    const { join } = await temporaryDirectory();
    writeFileSync(join("a.jsonl"), "");
    const { fs } = faultyFileSystem(nodeFileSystem, [{ operation: "stat", error: "EACCES" }]);
    await expect(resolveSegmentFile(join("a.jsonl"), fs)).rejects.toMatchObject({ code: "EACCES" });
  });
});

describe("relocateSegment", () => {
  async function segmentNamed(name: string) {
    const directory = await temporaryDirectory();
    writeFileSync(directory.join(name), "content");
    const [segment] = await listSegments(directory.path);
    if (segment === undefined) throw new Error("the segment was not listed");
    return { directory, segment };
  }

  it("finds our segment in its new state", async () => {
    const { directory, segment } = await segmentNamed(own);
    renameSync(segment.path, directory.join(`${own}.rotated`));
    expect(await relocateSegment(segment)).toMatchObject({
      path: directory.join(`${own}.rotated`),
      state: "rotated",
    });
  });

  it("finds our segment without listing the directory, however many others are in it", async () => {
    const { directory, segment } = await segmentNamed(own);
    renameSync(segment.path, directory.join(`${own}.rotated.gz`));
    const disk = faultyFileSystem(nodeFileSystem, [
      { operation: "readdir", times: "from then on", error: "EIO" },
    ]);
    expect(await relocateSegment(segment, disk.fs)).toMatchObject({
      path: directory.join(`${own}.rotated.gz`),
      logicalName: own,
      state: "compressed",
    });
  });

  it("takes a directory under the segment's name for no segment, as a listing does", async () => {
    const { segment } = await segmentNamed(own);
    rmSync(segment.path);
    mkdirSync(segment.path);
    expect(await relocateSegment(segment)).toBeUndefined();
  });

  it("finds our segment in a state that it never has by itself", async () => {
    const { directory, segment } = await segmentNamed(own);
    renameSync(segment.path, directory.join(`${own}.rotated.gz.bak`));
    expect((await relocateSegment(segment))?.path).toBe(directory.join(`${own}.rotated.gz.bak`));
  });

  it("finds the file that Prodigy renamed, not the new one under the old name", async () => {
    const { directory, segment } = await segmentNamed("events-20240101_120000.jsonl");
    const renamed = directory.join("events-20240101_120000.20240101_130000.jsonl.gz");
    renameSync(segment.path, renamed);
    writeFileSync(segment.path, "the next file");
    expect((await relocateSegment(segment))?.path).toBe(renamed);
  });

  it("finds a foreign file in another state of its name", async () => {
    const { directory, segment } = await segmentNamed("a.jsonl");
    renameSync(segment.path, directory.join("a.jsonl.bak"));
    expect((await relocateSegment(segment))?.path).toBe(directory.join("a.jsonl.bak"));
  });

  it("does not take an unrelated file for a foreign one because it got its inode", async () => {
    const { directory, segment } = await segmentNamed("a.jsonl");
    renameSync(segment.path, directory.join("b.jsonl"));
    expect(await relocateSegment(segment)).toBeUndefined();
  });

  it("gives undefined when the segment is gone", async () => {
    const { segment } = await segmentNamed(own);
    rmSync(segment.path);
    expect(await relocateSegment(segment)).toBeUndefined();
  });
});
