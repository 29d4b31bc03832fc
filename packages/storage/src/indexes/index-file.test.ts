import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { temporaryDirectory } from "@prodigy-events/test-kit";
import { describe, expect, it } from "vitest";
import { indexDirectoryName, indexPath, removeIndex } from "./index-file.js";

const logicalName = "events-20260101_120000_000-k3f9a1c2.jsonl";

describe("the index of a segment", () => {
  it("is beside it, in a directory that readers of segments pass over", () => {
    expect(indexPath("/store", logicalName)).toBe(`/store/.index/${logicalName}.idx`);
  });

  it("is removed alone", async () => {
    await using directory = await temporaryDirectory();
    await mkdir(join(directory.path, indexDirectoryName));
    await writeFile(indexPath(directory.path, logicalName), "");
    await writeFile(indexPath(directory.path, "other.jsonl"), "");
    await removeIndex(directory.path, logicalName);
    expect(await readdir(join(directory.path, indexDirectoryName))).toEqual(["other.jsonl.idx"]);
  });

  it("need not be there, nor have a place to be", async () => {
    await using directory = await temporaryDirectory();
    await removeIndex(directory.path, logicalName);
    await removeIndex(directory.path, "x".repeat(300));
    await writeFile(join(directory.path, indexDirectoryName), "a file");
    await removeIndex(directory.path, logicalName);
  });

  it("that cannot be removed is told of", async () => {
    await using directory = await temporaryDirectory();
    await mkdir(indexPath(directory.path, logicalName), { recursive: true });
    await expect(removeIndex(directory.path, logicalName)).rejects.toMatchObject({
      name: "StorageError",
      path: indexPath(directory.path, logicalName),
    });
  });
});
