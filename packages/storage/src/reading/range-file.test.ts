import { mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { type TemporaryDirectory, temporaryDirectory } from "@prodigy-events/test-kit";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { compressSegment } from "../compression/compress-segment.js";
import { limits } from "../limits.js";
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

  it("says how much content there is, compressed or not", async () => {
    const { plain, path } = await compressed("0123456\n".repeat(100), 200);
    expect(RangeFile.open(listed(plain))?.contentBytes).toBe(800);
    expect(RangeFile.open(listed(path))?.contentBytes).toBe(800);
  });

  it("reads content at any place to any place, compressed or not", async () => {
    const text = Array.from({ length: 60 }, (_, at) => `line ${at}\n`).join("");
    const { plain, path } = await compressed(text, 100);
    const files = [RangeFile.open(listed(plain))!, RangeFile.open(listed(path))!];
    const place = fc.nat(text.length);
    fc.assert(
      fc.property(place, place, fc.nat(20), (one, other, at) => {
        const [start, end] = one < other ? [one, other] : [other, one];
        for (const file of files) {
          const buffer = Buffer.alloc(at + end - start + 5, ".");
          expect(file.readAt(start, end, buffer, at)).toBe(true);
          expect(buffer.toString()).toBe(`${".".repeat(at)}${text.slice(start, end)}.....`);
        }
      }),
    );
    for (const file of files) expect(file.readAt(0, text.length + 1, Buffer.alloc(1_000), 0)).toBe(false);
  });

  it("reads no content of a damaged member, and what it has inflated from memory", async () => {
    const { path } = await compressed("0123456\n".repeat(100), 200);
    const file = RangeFile.open(listed(path))!;
    const buffer = Buffer.alloc(800);
    expect(file.readAt(0, 8, buffer, 0)).toBe(true);
    const bytes = readFileSync(path);
    writeFileSync(path, bytes.fill(0xff, 30)); // the same file: it is open
    expect(file.readAt(8, 16, buffer, 8)).toBe(true);
    expect(buffer.toString("latin1", 0, 16)).toBe("0123456\n0123456\n");
    expect(file.readAt(400, 408, buffer, 0)).toBe(false);
    expect(file.readAt(0, 8, buffer, 0)).toBe(true);
  });

  it("keeps no descriptor of a file that it does not give", () => {
    const path = directory.join("a.jsonl");
    writeFileSync(path, gzipSync("a\n"));
    mkdirSync(directory.join("d"));
    const other = directory.join("b.jsonl");
    writeFileSync(other, "b\n");
    const descriptors = () => readdirSync("/proc/self/fd").length;
    const before = descriptors();
    expect(RangeFile.open(listed(path))).toBeUndefined();
    expect(RangeFile.open(listed(directory.join("d")))).toBeUndefined();
    expect(RangeFile.open({ ...listed(other), dev: listed(other).dev + 1 })).toBeUndefined();
    expect(RangeFile.open({ ...listed(other), ino: listed(other).ino + 1 })).toBeUndefined();
    expect(descriptors()).toBe(before);
    const file = RangeFile.open(listed(other));
    expect(descriptors()).toBe(before + 1);
    file?.close();
    expect(descriptors()).toBe(before);
  });

  it("cuts what follows a place at the multiples after it", () => {
    const path = directory.join("a.jsonl");
    writeFileSync(path, "0123456\n".repeat(100));
    const file = RangeFile.open(listed(path))!;
    expect(file.cut(200, 248).map(({ start, end }) => [start, end])).toEqual([
      [248, 400],
      [400, 600],
      [600, Number.POSITIVE_INFINITY],
    ]);
    expect(file.cut(203, 0).map(({ start }) => start)).toEqual([0, 208, 408, 616]);
    expect(file.cut(3, 784).map(({ start }) => start)).toEqual([784, 792, 800]);
    expect(file.cut(Number.POSITIVE_INFINITY).map(({ start }) => start)).toEqual([0]);
  });

  it("does not look for the end of a very long line, nor of the last one", () => {
    const path = directory.join("a.jsonl");
    const starts = (text: string, rangeBytes: number) => {
      writeFileSync(path, text);
      return RangeFile.open(listed(path))!
        .cut(rangeBytes)
        .map(({ start }) => start);
    };
    expect(starts(`a\n${"x".repeat(9_000)}\nb\n`, 100)).toEqual([0, 9_003]);
    const { chunkBytes } = limits;
    expect(starts(`${"x".repeat(2 * chunkBytes)}\nb\nb\n`, chunkBytes / 2)).toEqual([0, 2 * chunkBytes + 1]);
    expect(starts(`a\n${"x".repeat(9_000)}`, 100)).toEqual([0]);
    expect(starts(`a\n${"x".repeat(4_096)}`, 2)).toEqual([0, 2]);
  });

  it("gives nothing for a range that is not of the file as it is", async () => {
    const { plain, path } = await compressed("0123456\n".repeat(10), 40);
    const files = [RangeFile.open(listed(plain))!, RangeFile.open(listed(path))!] as const;
    const [ofPlain, ofGzip] = [files[0].cut(40)[0]!, files[1].cut(40)[0]!];
    const read = (file: RangeFile, range: typeof ofPlain) =>
      file.read(range, Buffer.alloc(100), () => undefined);
    expect(read(files[0], ofPlain)).toEqual({ end: 40, tailBytes: 0 });
    expect(read(files[1], ofGzip)).toEqual({ end: 40, tailBytes: 0 });
    expect(read(files[0], ofGzip)).toBeUndefined();
    expect(read(files[1], ofPlain)).toBeUndefined();
    expect(read(files[0], { start: 0, end: 13 })).toBeUndefined();
    expect(read(files[0], { start: 40, end: 88 })).toBeUndefined();
    expect(read(files[0], { start: 40, end: 80 })).toEqual({ end: 80, tailBytes: 0 });
    expect(read(files[0], { start: 80, end: Number.POSITIVE_INFINITY })).toEqual({ end: 80, tailBytes: 0 });
  });

  it("cuts compressed content between members", async () => {
    const { path } = await compressed("0123456\n".repeat(10), 16);
    const file = RangeFile.open(listed(path))!;
    const cuts = (rangeBytes: number) =>
      file.cut(rangeBytes).map(({ start, end, members }) => [start, end, members?.length]);
    expect(cuts(1)).toEqual([
      [0, 16, 1],
      [16, 32, 1],
      [32, 48, 1],
      [48, 64, 1],
      [64, 80, 1],
    ]);
    expect(cuts(32)).toEqual([
      [0, 32, 2],
      [32, 64, 2],
      [64, 80, 1],
    ]);
    expect(cuts(33)).toEqual([
      [0, 48, 3],
      [48, 80, 2],
    ]);
  });

  it("does not take a line that goes on in the next member for one that ends", async () => {
    const [first, second] = [await compressed("a\nb", 100), await compressed("c\n", 100)];
    const path = directory.join("both.gz");
    writeFileSync(path, Buffer.concat([readFileSync(first.path), readFileSync(second.path)]));
    expect(readRanges(path, 1)).toBeUndefined();
    expect(readRanges(path, 100)).toBeUndefined();
    expect(readRanges(first.path, 100)).toEqual({
      blocks: [{ offset: 0, text: "a\n" }],
      ...{ end: 2, tailBytes: 1 },
    });
    const tail = await compressed("torn", 100);
    expect(readRanges(tail.path, 100)).toEqual({ blocks: [], end: 0, tailBytes: 4 });
  });
});

let written = 0;

/** A file, and what compression makes of it. */
async function compressed(text: string, memberBytes: number): Promise<{ plain: string; path: string }> {
  const plain = directory.join(`${written++}.jsonl`);
  writeFileSync(plain, text);
  await compressSegment(plain, `${plain}.gz`, { memberBytes });
  return { plain, path: `${plain}.gz` };
}
