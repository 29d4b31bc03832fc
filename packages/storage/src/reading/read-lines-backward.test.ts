import { readdirSync, truncateSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { faultyFileSystem, temporaryDirectory } from "@prodigy-events/test-kit";
import { describe, expect, it } from "vitest";
import { collect, places, texts } from "../../test/collect.js";
import { compressSegment } from "../compression/compress-segment.js";
import { nodeFileSystem } from "../files/node-file-system.js";
import { readLinesBackward, supportsBackward } from "./read-lines-backward.js";

const numbered = Array.from({ length: 3_000 }, (_, i) => `line ${i}`);
const content = `${numbered.join("\n")}\n`;

async function files() {
  const { join } = await temporaryDirectory();
  const [plain, ours, foreign, zstd] = [join("a.jsonl"), join("b.jsonl"), join("c.jsonl"), join("d.jsonl")];
  writeFileSync(plain, content);
  await compressSegment(plain, ours, { memberBytes: 1_000 });
  writeFileSync(foreign, gzipSync(content));
  writeFileSync(zstd, Buffer.from("28b52ffd2000", "hex"));
  return { plain, ours, foreign, zstd };
}

const ignoreProblems = { onProblem: () => undefined };

describe("readLinesBackward", () => {
  it.each(["plain", "ours"] as const)("gives the newest line first (%s)", async (kind) => {
    const path = (await files())[kind];
    const seen: string[] = [];
    for await (const lines of readLinesBackward(path, { chunkBytes: 512, ...ignoreProblems }))
      seen.push(...texts(lines));
    expect(seen).toEqual(numbered.toReversed());
  });

  it.each(["plain", "ours"] as const)("reads no more than it is asked for (%s)", async (kind) => {
    const path = (await files())[kind];
    const disk = faultyFileSystem(nodeFileSystem);
    for await (const lines of readLinesBackward(path, { fs: disk.fs, chunkBytes: 512, ...ignoreProblems })) {
      expect(lines[0]?.text).toBe("line 2999");
      break;
    }
    const bytesRead = disk.calls
      .filter(({ operation, args }) => operation === "read" && (args[3] as number) > 24)
      .reduce((sum, { args }) => sum + (args[3] as number), 0);
    expect(bytesRead).toBeLessThan(2_100);
  });

  it("closes the file however it ends", async () => {
    const { plain } = await files();
    const before = readdirSync("/proc/self/fd").length;
    for await (const _lines of readLinesBackward(plain, { chunkBytes: 512, ...ignoreProblems })) break;
    const { fs } = faultyFileSystem(nodeFileSystem, [{ operation: "read", nth: 4, error: "EIO" }]);
    await expect(collect(plain, { fs, chunkBytes: 512 }, readLinesBackward)).rejects.toMatchObject({
      code: "EIO",
    });
    const aborted = { signal: AbortSignal.abort(new Error("enough")) };
    await expect(collect(plain, aborted, readLinesBackward)).rejects.toThrow("enough");
    expect(readdirSync("/proc/self/fd").length).toBe(before);
  });

  it("counts a 20 MB line to the byte and keeps its beginning for the preview", async () => {
    const { join } = await temporaryDirectory();
    writeFileSync(join("a.jsonl"), `a\n${"x".repeat(30)}${"y".repeat(19_999_970)}\nb\n`);
    const { lines, problems } = await collect(join("a.jsonl"), {}, readLinesBackward);
    expect(texts(lines)).toEqual(["a", "b"]);
    expect(problems).toMatchObject([
      { reason: "too_long", offset: 2, length: 20_000_000, preview: "x".repeat(30) + "y".repeat(30) },
    ]);
  });

  it("says so when the file became shorter meanwhile", async () => {
    const { plain } = await files();
    const { fs } = faultyFileSystem(nodeFileSystem, [
      { operation: "read", nth: 2, run: () => truncateSync(plain, 10) },
    ]);
    await expect(collect(plain, { fs }, readLinesBackward)).rejects.toMatchObject({
      code: "SEGMENT_CHANGED",
    });
  });

  it.each(["foreign", "zstd"] as const)("refuses %s content, which has no way back", async (kind) => {
    const path = (await files())[kind];
    await expect(collect(path, {}, readLinesBackward)).rejects.toMatchObject({ code: "NOT_SEEKABLE", path });
  });

  it("gives nothing for an empty file, and a tail for one without line ends", async () => {
    const { join } = await temporaryDirectory();
    writeFileSync(join("a.jsonl"), "");
    expect(await collect(join("a.jsonl"), {}, readLinesBackward)).toEqual({ lines: [], problems: [] });
    writeFileSync(join("a.jsonl"), "torn");
    const { lines, problems } = await collect(join("a.jsonl"), { chunkBytes: 3 }, readLinesBackward);
    expect([lines, places(problems)]).toEqual([[], [["tail", 0, 4]]]);
  });
});

describe("supportsBackward", () => {
  it("knows what readLinesBackward can read", async () => {
    const { plain, ours, foreign, zstd } = await files();
    const answers = await Promise.all([plain, ours, foreign, zstd].map((path) => supportsBackward(path)));
    expect(answers).toEqual([true, true, false, false]);
  });

  it("is false for our gzip when that is cut off", async () => {
    const { ours } = await files();
    truncateSync(ours, 3_000);
    expect(await supportsBackward(ours)).toBe(false);
  });
});
