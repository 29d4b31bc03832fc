import { join } from "node:path";
import { nodeFileSystem } from "@prodigy-events/storage";
import { temporaryDirectory } from "@prodigy-events/test-kit";
import { expect, it } from "vitest";
import { type FileIdentity, identityOf, isSameFile } from "./file-identity.js";

const file: FileIdentity = { path: "/x", dev: 1, ino: 2, bytes: 3, mtimeMs: 4 };

it.each(["dev", "ino", "bytes", "mtimeMs"])("of two files differs when only %s does", (part) => {
  expect(isSameFile(file, { ...file, path: "/renamed" })).toBe(true);
  expect(isSameFile(file, { ...file, [part]: 99 })).toBe(false);
});

it("is none where there is no file", async () => {
  const path = join((await temporaryDirectory()).path, "none");
  await expect(identityOf(path, nodeFileSystem)).rejects.toMatchObject({
    code: "ENOENT",
    message: expect.stringMatching(new RegExp(`^cannot examine ${path}: `)),
  });
});
