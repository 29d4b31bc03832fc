import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  appendFileSync,
  createReadStream,
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { buffer } from "node:stream/consumers";
import { createGunzip } from "node:zlib";
import { faultyFileSystem, temporaryDirectory } from "@prodigy-events/test-kit";
import { describe, expect, it } from "vitest";
import { nodeFileSystem } from "../files/node-file-system.js";
import { listMembers } from "../gzip/list-members.js";
import { limits } from "../limits.js";
import { ChecksumAccumulator } from "../manifest/checksum-accumulator.js";
import type { Manifest } from "../manifest/manifest.js";
import { compressSegment } from "./compress-segment.js";

const lines = (count: number) =>
  Buffer.from(Array.from({ length: count }, (_, i) => `{"sequence":${i},"text":"ü"}\n`).join(""));

async function segmentWith(content: Buffer) {
  const directory = await temporaryDirectory();
  const [source, target] = [directory.join("a.jsonl.rotated"), directory.join("a.jsonl.rotated.gz")];
  writeFileSync(source, content);
  return { directory: directory.path, source, target };
}

function manifestOf(content: Buffer): Manifest {
  const sums = new ChecksumAccumulator();
  sums.update(content);
  const times = { createdAt: "2026-01-01T12:00:00.000Z", closedAt: "2026-01-01T12:00:05.000Z" };
  return {
    version: 1,
    segment: "a.jsonl",
    producerId: "k3f9a1c2",
    firstSequence: 0,
    lastSequence: 0,
    ...times,
    ...sums.finish(),
  };
}

describe("compressSegment", () => {
  it("makes a file that gzip, gunzip and zcat read, and leaves the source", async () => {
    const content = lines(20_000);
    const { source, target } = await segmentWith(content);
    const result = await compressSegment(source, target, { memberBytes: 50_000 });
    execFileSync("gzip", ["--test", target]);
    for (const command of [["zcat"], ["gunzip", "--stdout"], ["gzip", "-dc"]]) {
      const [program, ...args] = command as [string, ...string[]];
      expect(execFileSync(program, [...args, target], { maxBuffer: 1e8 }).equals(content), program).toBe(
        true,
      );
    }
    expect(readFileSync(source).equals(content)).toBe(true);
    expect(result).toEqual({
      bytes: content.length,
      lines: 20_000,
      sha256: manifestOf(content).sha256,
      compressedBytes: statSync(target).size,
    });
  });

  it("makes a file that Node's gunzip reads", async () => {
    const content = lines(20_000);
    const { source, target } = await segmentWith(content);
    await compressSegment(source, target);
    expect((await buffer(createReadStream(target).pipe(createGunzip()))).equals(content)).toBe(true);
  });

  it("makes members of whole lines, as many as fit", async () => {
    const content = lines(1_000);
    const { source, target } = await segmentWith(content);
    await compressSegment(source, target, { memberBytes: 1_000 });
    const members = await listMembers(target);
    expect(members?.reduce((sum, { logicalBytes }) => sum + logicalBytes, 0)).toBe(content.length);
    for (const { logicalOffset, logicalBytes } of members ?? []) {
      const end = logicalOffset + logicalBytes;
      expect(content[end - 1]).toBe(0x0a);
      expect(logicalBytes).toBeLessThanOrEqual(1_000);
      if (end < content.length) expect(content.indexOf(0x0a, end) + 1 - logicalOffset).toBeGreaterThan(1_000);
    }
  });

  it("puts a line that is longer than a member into one of its own, and a tail into the last", async () => {
    const content = Buffer.from(`a\n${"x".repeat(5_000)}\nb\ntorn`);
    const { source, target } = await segmentWith(content);
    await compressSegment(source, target, { memberBytes: 100 });
    expect((await listMembers(target))?.map(({ logicalBytes }) => logicalBytes)).toEqual([2, 5_001, 6]);
    expect(execFileSync("zcat", [target]).equals(content)).toBe(true);
  });

  it("cuts a line only where the greatest member has no line end, and bears incompressible bytes", async () => {
    const noise = randomBytes(limits.maxMemberBytes + 5_000).map((byte) => (byte === 0x0a ? 0x0b : byte));
    const { source, target } = await segmentWith(Buffer.concat([noise, Buffer.from("\nb\n")]));
    await compressSegment(source, target);
    const [first] = (await listMembers(target)) ?? [];
    expect(first?.logicalBytes).toBe(limits.maxMemberBytes);
    expect(first?.compressedBytes).toBeLessThan(limits.maxMemberCompressedBytes);
  });

  it("makes one empty member of an empty segment, which gzip takes for whole", async () => {
    const { source, target } = await segmentWith(Buffer.alloc(0));
    expect(await compressSegment(source, target)).toMatchObject({ bytes: 0, lines: 0 });
    expect(execFileSync("zcat", [target])).toHaveLength(0);
    expect(await listMembers(target)).toMatchObject([{ logicalBytes: 0 }]);
  });

  it("makes equal files of equal content, readable by their owner only", async () => {
    const { source, target } = await segmentWith(lines(100));
    await compressSegment(source, target);
    const first = readFileSync(target);
    await compressSegment(source, target);
    expect(readFileSync(target).equals(first)).toBe(true);
    expect(statSync(target).mode & 0o777).toBe(0o600);
  });

  it("makes the copy durable before the name, and the name before it returns", async () => {
    const { directory, source, target } = await segmentWith(lines(100));
    const disk = faultyFileSystem(nodeFileSystem);
    await compressSegment(source, target, { fs: disk.fs });
    const steps = disk.calls.flatMap(({ operation, path }) => {
      if (operation === "fsync") return path === directory ? "fsync directory" : "fsync copy";
      return operation === "rename" || operation === "unlink" ? operation : [];
    });
    expect(steps).toEqual(["fsync copy", "rename", "fsync directory"]);
  });

  describe("with a manifest", () => {
    it("compresses what the manifest describes", async () => {
      const content = lines(100);
      const { source, target } = await segmentWith(content);
      await compressSegment(source, target, { manifest: manifestOf(content) });
      expect(existsSync(target)).toBe(true);
    });

    it("leaves a damaged segment as it is", async () => {
      const content = lines(100);
      const { directory, source, target } = await segmentWith(content);
      const damaged = Buffer.from(content);
      damaged[1_000] = 0x58;
      writeFileSync(source, damaged);
      await expect(compressSegment(source, target, { manifest: manifestOf(content) })).rejects.toMatchObject({
        code: "VERIFICATION_FAILED",
        path: source,
      });
      expect(readdirSync(directory)).toEqual(["a.jsonl.rotated"]);
    });
  });

  it("does not trust a disk that stored something else", async () => {
    const { directory, source, target } = await segmentWith(lines(1_000));
    const fs = {
      ...nodeFileSystem,
      write: (fd: number, bytes: Uint8Array, offset: number, length: number) => {
        const corrupted = Uint8Array.from(bytes);
        corrupted[40] = (corrupted[40] as number) ^ 1;
        return nodeFileSystem.write(fd, corrupted, offset, length);
      },
    };
    await expect(compressSegment(source, target, { fs })).rejects.toMatchObject({
      code: "VERIFICATION_FAILED",
    });
    expect(readdirSync(directory)).toEqual(["a.jsonl.rotated"]);
  });

  it("notices that the segment grew, and leaves it alone", async () => {
    const { directory, source, target } = await segmentWith(lines(100));
    const { fs } = faultyFileSystem(nodeFileSystem, [
      { operation: "read", run: () => appendFileSync(source, "{}\n") },
    ]);
    await expect(compressSegment(source, target, { fs })).rejects.toMatchObject({ code: "SEGMENT_CHANGED" });
    expect(readdirSync(directory)).toEqual(["a.jsonl.rotated"]);
  });

  it("can be aborted, and then leaves nothing behind", async () => {
    const { directory, source, target } = await segmentWith(lines(10_000));
    const controller = new AbortController();
    const { fs } = faultyFileSystem(nodeFileSystem, [
      { operation: "write", nth: 2, run: () => controller.abort(new Error("shutting down")) },
    ]);
    const compressing = compressSegment(source, target, {
      fs,
      signal: controller.signal,
      memberBytes: 10_000,
    });
    await expect(compressing).rejects.toThrow("shutting down");
    expect(readdirSync(directory)).toEqual(["a.jsonl.rotated"]);
  });
});
