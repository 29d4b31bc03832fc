import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { faultyFileSystem, temporaryDirectory } from "@prodigy-events/test-kit";
import { describe, expect, it } from "vitest";
import { nodeFileSystem } from "../files/node-file-system.js";
import { sealJson } from "../files/sealed-json.js";
import type { Manifest } from "./manifest.js";
import { hasManifest, manifestPath, readManifest, removeManifest, writeManifest } from "./manifest-file.js";

const segment = "events-20260101_120000_000-k3f9a1c2.jsonl";
const manifest: Manifest = {
  version: 1,
  segment,
  producerId: "k3f9a1c2",
  bytes: 1_048_577,
  lines: 12,
  firstSequence: 0,
  lastSequence: 11,
  firstTimestamp: "2026-01-01T12:00:00.000Z",
  lastTimestamp: "2026-01-01T12:00:01.000Z",
  sha256: "ab".repeat(32),
  blockBytes: 1_048_576,
  blockCrc32: [0, 0xffff_ffff],
  createdAt: "2026-01-01T12:00:00.000Z",
  closedAt: "2026-01-01T12:00:05.000Z",
  removed: [{ offset: 0, length: 100, lines: 1 }],
};

const newDirectory = async () => (await temporaryDirectory()).path;

describe("writeManifest", () => {
  it("writes what readManifest reads, for nobody else's eyes", async () => {
    const directory = await newDirectory();
    await writeManifest(directory, manifest);
    expect(await readManifest(directory, segment)).toEqual(manifest);
    expect(statSync(manifestPath(directory, segment)).mode & 0o777).toBe(0o600);
    expect(statSync(`${directory}/.manifest`).mode & 0o777).toBe(0o700);
  });

  it("replaces a manifest, also a damaged one", async () => {
    const directory = await newDirectory();
    mkdirSync(`${directory}/.manifest`);
    writeFileSync(manifestPath(directory, segment), "damaged");
    await writeManifest(directory, manifest);
    await writeManifest(directory, { ...manifest, lines: 13 });
    expect((await readManifest(directory, segment))?.lines).toBe(13);
  });

  it("needs neither times nor removed ranges, and can describe an empty segment", async () => {
    const directory = await newDirectory();
    const { firstTimestamp: _first, lastTimestamp: _last, removed: _removed, ...rest } = manifest;
    const empty: Manifest = { ...rest, bytes: 0, lines: 0, lastSequence: -1, blockCrc32: [] };
    await writeManifest(directory, empty);
    expect(await readManifest(directory, segment)).toEqual(empty);
  });

  it("leaves the old manifest or the new one, whichever call fails, and nothing else", async () => {
    let failed = 0;
    for (let nth = 1; ; nth += 1) {
      const directory = await newDirectory();
      await writeManifest(directory, manifest);
      // A directory that cannot be looked at is no reason not to write into it.
      const operation = Object.keys(nodeFileSystem).filter((name) => name !== "stat");
      const { fs } = faultyFileSystem(nodeFileSystem, [{ operation, nth, error: "EIO" }]);
      const outcome = await writeManifest(directory, { ...manifest, lines: 13 }, fs).catch(
        (error: unknown) => error,
      );
      if (outcome === undefined) break;
      expect(outcome).toMatchObject({ name: "StorageError", code: "EIO" });
      expect([12, 13]).toContain((await readManifest(directory, segment))?.lines);
      failed += 1;
    }
    expect(failed).toBeGreaterThan(6);
  });
});

describe("readManifest", () => {
  it("gives undefined when there is none", async () => {
    expect(await readManifest(await newDirectory(), segment)).toBeUndefined();
  });

  it.each([
    ["an empty file", "", "checksum"],
    ["unsealed JSON", JSON.stringify(manifest), "checksum"],
    ["another version", sealJson({ ...manifest, version: 2 }), '"version"'],
    ["a negative size", sealJson({ ...manifest, bytes: -1 }), '"bytes"'],
    ["a fractional number of lines", sealJson({ ...manifest, lines: 1.5 }), '"lines"'],
    ["a short hash", sealJson({ ...manifest, sha256: "ab" }), '"sha256"'],
    ["blocks of no size", sealJson({ ...manifest, blockBytes: 0 }), '"blockBytes"'],
    ["a sum that is none", sealJson({ ...manifest, blockCrc32: [0, 2 ** 32] }), '"blockCrc32"'],
    ["sums that are no list", sealJson({ ...manifest, blockCrc32: 7 }), '"blockCrc32"'],
    ["too few sums", sealJson({ ...manifest, blockCrc32: [1] }), "1 block sums for 1048577 bytes"],
    ["a time that is no text", sealJson({ ...manifest, firstTimestamp: 1 }), '"firstTimestamp"'],
    ["a missing member", sealJson({ ...manifest, closedAt: undefined }), '"closedAt"'],
    ["a removed range that is none", sealJson({ ...manifest, removed: [null] }), '"removed"'],
    ["the manifest of another segment", sealJson({ ...manifest, segment: "other.jsonl" }), "other.jsonl"],
  ])("refuses %s and says why", async (_kind, text, reason) => {
    const directory = await newDirectory();
    mkdirSync(`${directory}/.manifest`);
    writeFileSync(manifestPath(directory, segment), text);
    await expect(readManifest(directory, segment)).rejects.toMatchObject({
      code: "MANIFEST_DAMAGED",
      path: manifestPath(directory, segment),
      message: expect.stringContaining(reason),
    });
  });
});

describe("hasManifest and removeManifest", () => {
  it("agree about what is there", async () => {
    const directory = await newDirectory();
    expect(await hasManifest(directory, segment)).toBe(false);
    await writeManifest(directory, manifest);
    expect(await hasManifest(directory, segment)).toBe(true);
    await removeManifest(directory, segment);
    expect(await hasManifest(directory, segment)).toBe(false);
    await removeManifest(directory, segment);
    expect(readdirSync(directory)).toEqual([".manifest"]);
  });

  it("do not take a failing disk for an answer", async () => {
    const directory = await newDirectory();
    const { fs } = faultyFileSystem(nodeFileSystem, [
      { operation: ["stat", "unlink"], times: "from then on", error: "EACCES" },
    ]);
    await expect(hasManifest(directory, segment, fs)).rejects.toMatchObject({ code: "EACCES" });
    await expect(removeManifest(directory, segment, fs)).rejects.toMatchObject({ code: "EACCES" });
    expect(existsSync(manifestPath(directory, segment))).toBe(false);
  });
});
