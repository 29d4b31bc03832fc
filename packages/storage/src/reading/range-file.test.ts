import { readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { type TemporaryDirectory, temporaryDirectory } from "@prodigy-events/test-kit";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { compressSegment } from "../compression/compress-segment.js";
import { RangeFile } from "./range-file.js";

let directory: TemporaryDirectory;
beforeEach(async () => {
  directory = await temporaryDirectory();
});
afterEach(() => directory.cleanup());

function listed(path: string) {
  const { dev, ino } = statSync(path);
  return { path, dev, ino };
}

/** The lines of all ranges, and where the last one ended; `undefined` if one of them could not be read. */
function readRanges(path: string, rangeBytes: number, roomBytes = 100) {
  const file = RangeFile.open(listed(path));
  if (!file) return undefined;
  const blocks: { offset: number; text: string }[] = [];
  let end: ReturnType<RangeFile["read"]>;
  for (const range of file.cut(rangeBytes)) {
    end = file.read(range, Buffer.alloc(roomBytes), ({ offset, bytes }) =>
      blocks.push({ offset, text: bytes.toString() }),
    );
    if (!end) break;
    if (range.end !== Number.POSITIVE_INFINITY) expect(end.end + end.tailBytes).toBe(range.end);
  }
  file.close();
  return end && { blocks, ...end };
}

describe("RangeFile", () => {
  it("gives every line once, however it is cut, and says what stands after the last one", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ maxLength: 60, unit: fc.constantFrom("a", "ü", " ") })),
        fc.constantFrom("", "torn"),
        fc.integer({ min: 1, max: 300 }),
        fc.boolean(),
        async (lines, tail, rangeBytes, isCompressed) => {
          const whole = lines.map((line) => `${line}\n`).join("");
          const plain = directory.join("a.jsonl");
          writeFileSync(plain, whole + tail);
          const path = isCompressed ? directory.join("a.jsonl.gz") : plain;
          if (isCompressed) await compressSegment(plain, path, { memberBytes: 80 });
          const read = readRanges(path, rangeBytes, 200);
          expect(read?.blocks.map(({ text }) => text).join("")).toBe(whole);
          expect(read?.end).toBe(Buffer.byteLength(whole));
          expect(read?.tailBytes).toBe(tail.length);
          let offset = 0;
          for (const block of read?.blocks ?? []) {
            expect(block.offset).toBe(offset);
            offset += Buffer.byteLength(block.text);
          }
        },
      ),
    );
  });

  it("cuts a plain file into ranges of the size asked for", () => {
    const path = directory.join("a.jsonl");
    writeFileSync(path, "0123456\n".repeat(100));
    const ranges = RangeFile.open(listed(path))?.cut(200);
    expect(ranges?.map(({ start }) => start)).toEqual([0, 200, 400, 600]);
    expect(ranges?.at(-1)?.end).toBe(Number.POSITIVE_INFINITY);
  });

  it("does not read a line that it has no room for", () => {
    const path = directory.join("a.jsonl");
    writeFileSync(path, `${"x".repeat(99)}\n${"x".repeat(100)}\n`);
    expect(readRanges(path, 1_000)).toBeUndefined();
    expect(readRanges(path, 1_000, 101)?.blocks).toHaveLength(2);
  });

  it.each([
    ["compressed by another program", gzipSync("a\n")],
    ["compressed in another way", Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0, 0, 0])],
  ])("does not open a file %s", (_how, content) => {
    const path = directory.join("a.jsonl.gz");
    writeFileSync(path, content);
    expect(RangeFile.open(listed(path))).toBeUndefined();
  });

  it("does not open another file than the one that was listed", () => {
    const [path, other] = [directory.join("a.jsonl"), directory.join("b.jsonl")];
    writeFileSync(path, "a\n");
    writeFileSync(other, "b\n");
    const before = listed(path);
    renameSync(other, path);
    expect(RangeFile.open(before)).toBeUndefined();
    expect(() => RangeFile.open({ ...before, path: directory.join("none") })).toThrow(/ENOENT/);
  });

  it("gives nothing of a gzip member that is not what was compressed", async () => {
    const [plain, path] = [directory.join("a.jsonl"), directory.join("a.jsonl.gz")];
    writeFileSync(plain, "0123456789\n".repeat(50));
    await compressSegment(plain, path, { memberBytes: 200 });
    const { size } = statSync(path);
    const sound = readRanges(path, 1_000)?.blocks;
    for (let byte = 0; byte < size; byte++) {
      const damaged = readFileSync(path);
      damaged[byte]! ^= 0x10;
      const copy = directory.join("damaged.gz");
      writeFileSync(copy, damaged);
      const read = readRanges(copy, 1_000);
      if (read) expect([byte, read.blocks]).toEqual([byte, sound]);
    }
  });
});
