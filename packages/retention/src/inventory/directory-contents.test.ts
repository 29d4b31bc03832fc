import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { nodeFileSystem } from "@prodigy-events/storage";
import { faultyFileSystem, temporaryDirectory } from "@prodigy-events/test-kit";
import { describe, expect, it } from "vitest";
import { DirectoryContents } from "./directory-contents.js";

const logicalName = "events-20260101_000000_000-aaaa.jsonl";

async function directoryWith(...names: string[]): Promise<string> {
  const { path } = await temporaryDirectory();
  for (const name of names) await writeFile(join(path, name), "");
  return path;
}

describe("the contents of a directory", () => {
  it("are its segments, each with its files in all states, and none of a segment that is not there", async () => {
    const directory = await directoryWith(
      logicalName,
      `${logicalName}.rotated.gz`,
      "events-20260101_000000_000-bbbb.jsonl",
    );
    const contents = new DirectoryContents(nodeFileSystem);
    expect(await contents.statesOf(directory, logicalName)).toEqual(
      [logicalName, `${logicalName}.rotated.gz`].map((name) => join(directory, name)),
    );
    expect(await contents.statesOf(directory, "none.jsonl")).toEqual([]);
    expect(await contents.statesOf(join(directory, "none"), logicalName)).toEqual([]);
  });

  it("are other files, but neither directories nor hidden ones nor what is gone meanwhile", async () => {
    const directory = await directoryWith(logicalName, ".hidden", "gone.txt", "notes.txt", "odd.");
    await mkdir(join(directory, "below"));
    const path = join(directory, "gone.txt");
    const disk = faultyFileSystem(nodeFileSystem, [{ operation: "lstat", path, run: () => rm(path) }]);
    expect(await new DirectoryContents(disk.fs).unknownFilesIn(directory)).toEqual(
      ["notes.txt", "odd."].map((name) => join(directory, name)),
    );
  });

  it("are listed once, until they are to be forgotten", async () => {
    const directory = await directoryWith(logicalName, "notes.txt");
    const disk = faultyFileSystem(nodeFileSystem);
    const contents = new DirectoryContents(disk.fs);
    await contents.statesOf(directory, logicalName);
    await contents.unknownFilesIn(directory);
    await contents.statesOf(directory, logicalName);
    expect(disk.calls.filter(({ operation }) => operation === "readdir")).toHaveLength(1);
    const renamed = join(directory, `${logicalName}.rotated`);
    await rename(join(directory, logicalName), renamed);
    contents.forget(directory);
    expect(await contents.statesOf(directory, logicalName)).toEqual([renamed]);
  });
});
