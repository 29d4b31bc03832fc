import { join } from "node:path";
import { nodeFileSystem } from "@prodigy-events/storage";
import { faultyFileSystem, temporaryDirectory } from "@prodigy-events/test-kit";
import { expect, it } from "vitest";
import { namesIn } from "./names-in.js";

it("are sorted, in whatever order the file system gives them", async () => {
  const fs = { ...nodeFileSystem, readdir: async () => ["b", "c", "a"] };
  expect(await namesIn("/anywhere", fs)).toEqual(["a", "b", "c"]);
});

it("are none where there is no directory, and an error where it cannot be listed", async () => {
  const { path } = await temporaryDirectory();
  expect(await namesIn(join(path, "none"), nodeFileSystem)).toEqual([]);
  const { fs } = faultyFileSystem(nodeFileSystem, [{ operation: "readdir", error: "EACCES" }]);
  await expect(namesIn(path, fs)).rejects.toMatchObject({
    code: "EACCES",
    message: expect.stringMatching(new RegExp(`^cannot list ${path}: `)),
  });
});
