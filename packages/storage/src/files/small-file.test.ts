import { mkdirSync, writeFileSync } from "node:fs";
import { temporaryDirectory } from "@prodigy-events/test-kit";
import { expect, it } from "vitest";
import { nodeFileSystem } from "./node-file-system.js";
import { readSmallFile } from "./small-file.js";

it("gives the text of a file", async () => {
  const { join } = await temporaryDirectory();
  writeFileSync(join("a"), "text ü");
  expect(await readSmallFile(join("a"), 100, nodeFileSystem)).toBe("text ü");
});

it("gives undefined where there is no file, or no directory for it", async () => {
  const { join } = await temporaryDirectory();
  writeFileSync(join("a"), "");
  expect(await readSmallFile(join("b"), 100, nodeFileSystem)).toBeUndefined();
  expect(await readSmallFile(join("a", "b"), 100, nodeFileSystem)).toBeUndefined();
});

it("refuses a file that is larger than such a file can be", async () => {
  const { join } = await temporaryDirectory();
  writeFileSync(join("a"), "x".repeat(101));
  await expect(readSmallFile(join("a"), 100, nodeFileSystem)).rejects.toMatchObject({
    code: "STATE_FILE_TOO_LARGE",
  });
});

it("refuses a directory", async () => {
  const { join } = await temporaryDirectory();
  mkdirSync(join("a"));
  await expect(readSmallFile(join("a"), 100, nodeFileSystem)).rejects.toMatchObject({
    code: "NOT_A_REGULAR_FILE",
  });
});
