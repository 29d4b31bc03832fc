import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { nodeFileSystem } from "@prodigy-events/storage";
import { faultyFileSystem, temporaryDirectory } from "@prodigy-events/test-kit";
import { expect, it } from "vitest";
import { encodingOf } from "./encoding.js";

it.each<[string, Buffer, string]>([
  ["gzip", gzipSync("x"), "gzip"],
  ["a frame of zstd", Buffer.from("28b52ffd2000", "hex"), "zstd"],
  ["a skippable frame of zstd", Buffer.from("5f2a4d1800000000", "hex"), "zstd"],
  ["half of the mark of gzip", Buffer.from("1f7b7d0a", "hex"), "plain"],
  ["the other half", Buffer.from("7b8b7d0a", "hex"), "plain"],
  ["half of the mark of zstd", Buffer.from("28b57d0a", "hex"), "plain"],
  ["text", Buffer.from("{}\n"), "plain"],
  ["nothing", Buffer.alloc(0), "plain"],
])("%s is told by its first bytes, and the file is closed again", async (_, content, expected) => {
  const path = join((await temporaryDirectory()).path, "x");
  await writeFile(path, content);
  const disk = faultyFileSystem(nodeFileSystem);
  expect(await encodingOf(path, disk.fs)).toBe(expected);
  expect(disk.calls.map(({ operation }) => operation).filter((name) => /^(open|close)$/.test(name))).toEqual([
    "open",
    "close",
  ]);
});
