import { writeFileSync } from "node:fs";
import zlib from "node:zlib";
import { temporaryDirectory } from "@prodigy-events/test-kit";
import { describe, expect, it } from "vitest";
import { limits, readLines, readLinesBackward } from "../src/index.js";
import { collect } from "./collect.js";

const MB = 1_000_000;
const line = (length: number) => Buffer.from(`${"x".repeat(length - 1)}\n`);

/** A gzip member in our format (FORMAT.md), of which header and trailer claim `claimedBytes`. */
function member(content: Buffer, claimedBytes = content.length): Buffer {
  const deflated = zlib.deflateRawSync(content);
  const header = Buffer.from([
    0x1f,
    0x8b,
    8,
    4,
    0,
    0,
    0,
    0,
    0,
    0xff,
    12,
    0,
    0x50,
    0x45,
    8,
    0,
    ...Array(8).fill(0),
  ]);
  header.writeUInt32LE(header.length + deflated.length + 8, 16);
  header.writeUInt32LE(claimedBytes, 20);
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(zlib.crc32(content), 0);
  trailer.writeUInt32LE(claimedBytes, 4);
  return Buffer.concat([header, deflated, trailer]);
}

async function read(bytes: Buffer, direction: typeof readLinesBackward, options = {}) {
  const { join } = await temporaryDirectory();
  writeFileSync(join("bomb.gz"), bytes);
  const before = process.memoryUsage().arrayBuffers;
  const result = await collect(join("bomb.gz"), options, direction);
  return { ...result, keptBytes: process.memoryUsage().arrayBuffers - before };
}

const directions = [
  ["forward", readLines],
  ["backward", readLinesBackward],
] as const;

describe.each(directions)("a decompression bomb, read %s", (_, direction) => {
  it("in a member that claims to hold little costs no more than it claims", async () => {
    const good = Buffer.from("good 1\ngood 2\n");
    const bomb = member(Buffer.alloc(300 * MB), 100);
    const { lines, problems, keptBytes } = await read(
      Buffer.concat([member(good), bomb, member(good)]),
      direction,
    );
    expect(lines.map(({ text }) => text).sort()).toEqual(["good 1", "good 1", "good 2", "good 2"]);
    expect(problems.map(({ reason }) => reason)).toContain("compression");
    expect(keptBytes).toBeLessThan(50 * MB);
  });

  it("in a member that claims more than we write is not believed", async () => {
    const bomb = member(Buffer.alloc(MB), limits.maxMemberBytes + 1);
    const result = await read(bomb, direction).catch((error: Error & { code: string }) => error.code);
    if (typeof result === "string") expect(result).toBe("NOT_SEEKABLE");
    else expect(result.lines).toEqual([]);
  });

  it("of many members ends at the limit, is said to be one, and what was read stands", async () => {
    const content = line(1_000);
    const bytes = Buffer.concat(Array.from({ length: 40 }, () => member(content)));
    const { lines, problems } = await read(bytes, direction, { maxInflatedBytes: 20_500 });
    expect(lines).toHaveLength(20);
    expect(problems.filter(({ reason }) => reason === "compression")).toMatchObject([
      {
        message: expect.stringMatching(
          /more than the 20500 bytes allowed, over \d+ times its size.*--max-inflate/,
        ),
      },
    ]);
    expect((await read(bytes, direction, { maxInflatedBytes: 40_000 })).problems).toEqual([]);
  });
});

it("a bomb of somebody else's gzip ends at the limit, in constant memory", async () => {
  const bytes = zlib.gzipSync(Buffer.alloc(200 * MB));
  expect((200 * MB) / bytes.length).toBeGreaterThan(1_000);
  const { lines, problems, keptBytes } = await read(bytes, readLines, { maxInflatedBytes: 50 * MB });
  expect(lines).toEqual([]);
  expect(problems.map(({ reason }) => reason).sort()).toEqual(["compression", "tail"]);
  expect(keptBytes).toBeLessThan(50 * MB);
});

it("gzip in gzip is inflated once: what is in it is data", async () => {
  const bytes = zlib.gzipSync(zlib.gzipSync(Buffer.alloc(MB)));
  const { lines, problems } = await read(bytes, readLines);
  expect(lines).toEqual([]);
  expect(problems.every(({ reason }) => reason !== "compression")).toBe(true);
});
