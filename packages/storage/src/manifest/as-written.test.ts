import { utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { temporaryDirectory } from "@prodigy-events/test-kit";
import { describe, expect, it } from "vitest";
import { compressSegment } from "../compression/compress-segment.js";
import { listSegments } from "../segments/list-segments.js";
import { isAsWritten } from "./as-written.js";
import { ChecksumAccumulator } from "./checksum-accumulator.js";
import type { Manifest } from "./manifest.js";
import { manifestPath, writeManifest } from "./manifest-file.js";

const logicalName = "events-20260101_120000_000-k3f9a1c2.jsonl";
const content = Buffer.from('{"id":"a"}\n{"id":"b"}\n');

/** A segment, its manifest as `stated`, and which was written first. */
async function segmentWith({
  stated = {},
  state = ".rotated",
  written = -10,
}: {
  stated?: Partial<Manifest>;
  state?: "" | ".rotated" | ".rotated.gz";
  written?: number;
}) {
  const { path: directory } = await temporaryDirectory();
  const path = join(directory, `${logicalName}${state}`);
  await writeFile(path, content);
  const sums = new ChecksumAccumulator();
  sums.update(content);
  const at = "2026-01-01T12:00:00.000Z";
  await writeManifest(directory, {
    ...{ version: 1, segment: logicalName, producerId: "k3f9a1c2", createdAt: at, closedAt: at },
    ...{ firstSequence: 7, lastSequence: 8, onlyRecords: true },
    ...sums.finish(),
    ...stated,
  });
  await utimes(manifestPath(directory, logicalName), 1_800_000_000, 1_800_000_000);
  await utimes(path, 1_800_000_000 + written, 1_800_000_000 + written);
  const [segment] = await listSegments(directory);
  return segment!;
}

describe("isAsWritten", () => {
  it.each(["", ".rotated"] as const)(
    "is true of a closed segment that nobody wrote to since: %j",
    async (state) => {
      expect(await isAsWritten(await segmentWith({ state }))).toBe(true);
    },
  );

  it.each<[string, Parameters<typeof segmentWith>[0]]>([
    ["was written to after its manifest", { written: 10 }],
    ["was written to when its manifest was, as far as the clock tells", { written: 0 }],
    ["is larger than it was", { stated: { bytes: content.length - 1 } }],
    ["is smaller than it was", { stated: { bytes: content.length + 1 } }],
    ["lacks numbers", { stated: { lastSequence: 9 } }],
    ["was stated by somebody who has only read it", { stated: { onlyRecords: false } }],
    ["is another producer's by its manifest", { stated: { producerId: "zzzzzzzz" } }],
  ])("is false of one that %s", async (_, given) => {
    expect(await isAsWritten(await segmentWith(given))).toBe(false);
  });

  it("is false without a manifest, and with one that is damaged", async () => {
    const segment = await segmentWith({});
    expect(await isAsWritten({ ...segment, logicalName: "events-20260101_120000_001-k3f9a1c2.jsonl" })).toBe(
      false,
    );
    await writeFile(manifestPath(segment.directory, logicalName), "{}\n");
    await utimes(manifestPath(segment.directory, logicalName), 1_800_000_000, 1_800_000_000);
    expect(await isAsWritten(segment)).toBe(false);
  });

  it("is false of compressed content, whose own sums are compared, and of files of anybody", async () => {
    const plain = await segmentWith({});
    await compressSegment(plain.path, `${plain.path}.gz`);
    expect(await isAsWritten({ ...plain, path: `${plain.path}.gz`, state: "compressed" })).toBe(false);
    expect(await isAsWritten({ ...plain, kind: "shared" })).toBe(false);
  });
});
