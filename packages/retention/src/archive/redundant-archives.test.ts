import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { nodeFileSystem } from "@prodigy-events/storage";
import { faultyFileSystem, temporaryDirectory } from "@prodigy-events/test-kit";
import { describe, expect, it } from "vitest";
import { isContained, removeRedundantArchives } from "./redundant-archives.js";

/** More than one batch of lines. */
const many = Array.from({ length: 6000 }, (_, index) => `{"line":${index},"padding":"${"x".repeat(100)}"}\n`);

async function filesWith(part: string | Buffer, whole: string | Buffer) {
  const { path } = await temporaryDirectory();
  const [partPath, wholePath] = [join(path, "part"), join(path, "whole")];
  await writeFile(partPath, part);
  await writeFile(wholePath, whole);
  return { partPath, wholePath };
}

const noText = Buffer.from("a\n\xff\n", "latin1");

describe("whether all lines of a file are in another", () => {
  it.each<[string, boolean, string | Buffer, string | Buffer]>([
    ["of the same lines", true, "a\nb\n", "a\nb\n"],
    ["of more lines", true, "a\nc\n", "a\nb\nc\n"],
    ["compressed", true, gzipSync("a\nc\n"), gzipSync("a\nb\nc\n")],
    ["of which only the first is there", false, "a\nc\n", "a\nb\n"],
    ["in another order", false, "c\na\n", "a\nb\nc\n"],
    ["one of which is there once only", false, "a\na\n", "a\nb\n"],
    ["without any line", true, "", "a\n"],
    ["the last of very many", true, many.at(-1)!, many.join("")],
    ["the first and the last of very many", true, many[0]! + many.at(-1)!, many.join("")],
    ["very many of fewer", false, many.join(""), many.slice(0, -1).join("")],
    ["very many of very few", false, many.join(""), many[0]!],
    ["that is damaged", false, gzipSync("a\n").subarray(0, -6), "a\n"],
    ["with bytes that are no text, of an equal one", true, noText, noText],
    ["with bytes that are no text, of one without them", false, noText, "a\nb\n"],
    ["of one with bytes that are no text", true, "a\n", noText],
  ])("is told, and both are closed again: %s", async (_, expected, part, whole) => {
    const { partPath, wholePath } = await filesWith(part, whole);
    const disk = faultyFileSystem(nodeFileSystem);
    expect(await isContained(partPath, wholePath, disk.fs)).toBe(expected);
    const countOf = (name: string) => disk.calls.filter(({ operation }) => operation === name).length;
    expect(countOf("close")).toBe(countOf("open"));
  });
});

describe("copies that hold only what the segment still has", () => {
  const fileName = "events-20260101_000000_000-k3f9.jsonl";
  const stem = "events-20260101_000000_000-k3f9";
  const names = {
    made: `${stem}.jsonl.rotated.gz`,
    redundant: `${stem}.part-0.jsonl.rotated.gz`,
    needed: `${stem}.part-1.jsonl.rotated.gz`,
    other: "events-20260101_000000_000-m7q2.jsonl.rotated.gz",
  };

  async function setUp() {
    const { path } = await temporaryDirectory();
    const [segmentPath, archive] = [join(path, fileName), join(path, "archive")];
    await mkdir(archive);
    await writeFile(segmentPath, "a\nb\n");
    const contents = { made: "a\n", redundant: "b\n", needed: "c\n", other: "a\n" };
    for (const [name, content] of Object.entries(contents))
      await writeFile(join(archive, names[name as keyof typeof names]), gzipSync(content));
    return { segmentPath, archive };
  }

  it("are removed durably; the one just made, those of other segments and all other lines stay", async () => {
    const { segmentPath, archive } = await setUp();
    const disk = faultyFileSystem(nodeFileSystem);
    await removeRedundantArchives(segmentPath, join(archive, names.made), disk.fs);
    expect((await readdir(archive)).sort()).toEqual([names.made, names.needed, names.other].sort());
    const changes = disk.calls.filter(({ operation }) => ["unlink", "fsync"].includes(operation));
    expect(changes.map(({ operation, path }) => [operation, path])).toEqual([
      ["unlink", join(archive, names.redundant)],
      ["fsync", archive],
    ]);
    await removeRedundantArchives(segmentPath, join(archive, names.made), disk.fs);
    expect(disk.calls.filter(({ operation }) => operation === "fsync")).toHaveLength(1);
  });

  it("are named when they cannot be removed", async () => {
    const { segmentPath, archive } = await setUp();
    const disk = faultyFileSystem(nodeFileSystem, [{ operation: "unlink", error: "EACCES" }]);
    const path = join(archive, names.redundant);
    await expect(
      removeRedundantArchives(segmentPath, join(archive, names.made), disk.fs),
    ).rejects.toMatchObject({ path, message: expect.stringMatching(new RegExp(`^cannot remove ${path}: `)) });
  });
});
