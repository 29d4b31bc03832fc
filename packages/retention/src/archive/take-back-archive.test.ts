import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { type FileSystem, nodeFileSystem } from "@prodigy-events/storage";
import { faultyFileSystem, temporaryDirectory } from "@prodigy-events/test-kit";
import { expect, it } from "vitest";
import { takeBackArchive } from "./take-back-archive.js";

const logicalName = "events-20260101_000000_000-k3f9.jsonl";
const copyName = `${logicalName}.rotated.gz`;

/** Takes a copy of a segment back whose file has this content now; says what is left in the archive. */
async function takeBack(live: string, isNew: boolean, fs: FileSystem = nodeFileSystem): Promise<string[]> {
  const { path: directory } = await temporaryDirectory();
  const archive = join(directory, "archive");
  await mkdir(archive);
  await writeFile(join(directory, `${logicalName}.rotated`), live);
  await writeFile(join(archive, copyName), gzipSync("a\nb\n"));
  await takeBackArchive({ path: join(archive, copyName), isNew }, { directory, logicalName }, fs);
  return readdir(archive);
}

it("removes a copy that this clean made when the store has all its lines", async () => {
  expect(await takeBack("a\nb\nc\n", true)).toEqual([]);
});

it("leaves one that an earlier clean had made", async () => {
  expect(await takeBack("a\nb\nc\n", false)).toEqual([copyName]);
});

it("leaves one that holds what the store does not have any more", async () => {
  expect(await takeBack("a\nc\n", true)).toEqual([copyName]);
});

it("leaves one when the segment cannot be read now, and says nothing of it", async () => {
  const disk = faultyFileSystem(nodeFileSystem, [
    { operation: "open", path: /k3f9\.jsonl\.rotated$/, error: "EIO" },
  ]);
  expect(await takeBack("a\nb\n", true, disk.fs)).toEqual([copyName]);
});

it("does not hide a mistake in the program", async () => {
  const mistake = new TypeError("a mistake");
  const close = async () => {
    throw mistake;
  };
  await expect(takeBack("a\nb\n", true, { ...nodeFileSystem, close })).rejects.toThrow("a mistake");
});
