import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { temporaryDirectory } from "@prodigy-events/test-kit";
import { describe, expect, it } from "vitest";
import { compressSegment } from "../compression/compress-segment.js";
import { ChecksumAccumulator } from "./checksum-accumulator.js";
import type { Manifest } from "./manifest.js";
import { verifyAgainstManifest } from "./verify.js";

const content = Buffer.from(Array.from({ length: 50 }, (_, i) => `{"sequence":${i}}\n`).join(""));
const sums = new ChecksumAccumulator(100);
sums.update(content);
const manifest: Manifest = {
  version: 1,
  segment: "events-20260101_120000_000-k3f9a1c2.jsonl",
  producerId: "k3f9a1c2",
  firstSequence: 0,
  lastSequence: 49,
  createdAt: "2026-01-01T12:00:00.000Z",
  closedAt: "2026-01-01T12:00:05.000Z",
  ...sums.finish(),
};

async function segmentFile(bytes: Buffer = content) {
  const { join } = await temporaryDirectory();
  writeFileSync(join("a.jsonl"), bytes);
  return { path: join("a.jsonl"), gz: join("a.jsonl.gz") };
}

describe("verifyAgainstManifest", () => {
  it("finds an intact segment intact in every state", async () => {
    const { path, gz } = await segmentFile();
    expect(await verifyAgainstManifest(path, manifest)).toEqual({
      intact: true,
      mismatches: [],
      checksums: sums.finish(),
    });
    await compressSegment(path, gz, { memberBytes: 64 });
    expect((await verifyAgainstManifest(gz, manifest)).intact).toBe(true);
    writeFileSync(gz, gzipSync(content));
    expect((await verifyAgainstManifest(gz, manifest)).intact).toBe(true);
  });

  it("finds every flipped bit, and names the block", async () => {
    const { path } = await segmentFile();
    for (let bit = 0; bit < content.length * 8; bit += 7) {
      const damaged = Buffer.from(content);
      damaged[bit >> 3] = (damaged[bit >> 3] as number) ^ (1 << (bit & 7));
      writeFileSync(path, damaged);
      const { intact, mismatches } = await verifyAgainstManifest(path, manifest);
      expect(intact).toBe(false);
      const offset = Math.floor((bit >> 3) / 100) * 100;
      expect(mismatches).toContainEqual(expect.objectContaining({ what: "block", offset }));
      expect(mismatches.filter(({ what }) => what === "block")).toHaveLength(1);
    }
  });

  it("finds what is missing at the end, with the true length of the last block", async () => {
    const { path } = await segmentFile(content.subarray(0, -1));
    const { mismatches } = await verifyAgainstManifest(path, manifest);
    expect(mismatches.map(({ what }) => what)).toEqual(["bytes", "lines", "sha256", "block"]);
    const last = mismatches.at(-1);
    expect((last?.offset ?? 0) + (last?.length ?? 0)).toBe(content.length);
  });

  it("finds what was appended", async () => {
    const { path } = await segmentFile();
    appendFileSync(path, "{}\n");
    expect((await verifyAgainstManifest(path, manifest)).mismatches.map(({ what }) => what)).toContain(
      "bytes",
    );
  });

  it("finds damaged compression", async () => {
    const { path, gz } = await segmentFile();
    await compressSegment(path, gz);
    writeFileSync(gz, readFileSync(gz).subarray(0, -9));
    const { intact, mismatches } = await verifyAgainstManifest(gz, manifest);
    expect(intact).toBe(false);
    expect(mismatches[0]).toMatchObject({ what: "compression" });
  });

  it("does not inflate a bomb further than it must", async () => {
    const { gz } = await segmentFile();
    writeFileSync(gz, gzipSync(Buffer.alloc(40_000_000)));
    const { intact, checksums } = await verifyAgainstManifest(gz, manifest);
    expect(intact).toBe(false);
    expect(checksums.bytes).toBeLessThan(2_000_000);
  });
});
