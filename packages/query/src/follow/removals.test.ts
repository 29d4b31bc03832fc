import { mkdir, writeFile } from "node:fs/promises";
import { nodeFileSystem } from "@prodigy-events/storage";
import { temporaryDirectory } from "@prodigy-events/test-kit";
import { expect, it } from "vitest";
import { readRemovals } from "./removals.js";

const at = "2026-01-01T00:00:00.000Z";
const ranges = [{ producerId: "prod1", first: 0, last: 9 }];
const line = (entry: object) => `${JSON.stringify({ at, lines: 10, bytes: 99, ranges, ...entry })}\n`;

async function removalsIn(log: string) {
  const directory = await temporaryDirectory();
  await mkdir(directory.join(".clean"), { recursive: true });
  await writeFile(directory.join(".clean", "log"), log);
  return readRemovals(directory.path, nodeFileSystem);
}

it("reads what was removed and cut, and leaves out what was restored", async () => {
  const log =
    line({ action: "remove", segment: "a", archive: "/x/a" }) +
    line({ action: "set-aside", segment: "s", to: "/y" }) +
    line({ action: "rewrite", segment: "b" }) +
    line({ action: "remove", segment: "c", archive: "/x/c" }) +
    line({ action: "restore", segment: "a", archive: "/x/a" });
  expect(await removalsIn(log)).toEqual([
    { segment: "b", at, ranges, archive: undefined },
    { segment: "c", at, ranges, archive: "/x/c" },
  ]);
});

it("passes over what is no entry: torn lines, other JSON, ranges that are none", async () => {
  const log = `{"action":"rem\n[1]\n"x"\nnull\n${line({ action: "remove", segment: "a", ranges: [null, { producerId: 1 }, "x"] })}{"action":"remove","segment":"b"`;
  expect(await removalsIn(log)).toEqual([]);
});

it("finds nothing where clean never was", async () => {
  const { path } = await temporaryDirectory();
  expect(await readRemovals(path, nodeFileSystem)).toEqual([]);
});
