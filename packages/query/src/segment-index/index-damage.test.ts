import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type FileSystem,
  indexPath,
  nodeFileSystem,
  resolveSegmentFile,
  type Segment,
} from "@prodigy-events/storage";
import { temporaryDirectory } from "@prodigy-events/test-kit";
import { describe, expect, it } from "vitest";
import { defaultBounds } from "../bounds.js";
import type { Column } from "../scan/kernel.js";
import { buildSegmentIndex } from "./build-segment-index.js";
import { openSegmentIndex } from "./open-segment-index.js";
import { ReusedKernel } from "./reused-kernel.js";
import { emptyRows } from "./segment-index.js";
import { everything } from "./stored-column.js";
import { writeSegmentIndex } from "./write-segment-index.js";

/** A file system in which one file has the given bytes. */
function withBytes(path: string, bytes: () => Buffer): FileSystem {
  const own = -7;
  return {
    ...nodeFileSystem,
    open: async (opened, ...rest) => (opened === path ? own : nodeFileSystem.open(opened, ...rest)),
    close: async (fd) => (fd === own ? undefined : nodeFileSystem.close(fd)),
    fstat: async (fd) =>
      fd === own
        ? Object.assign(await nodeFileSystem.stat(path), { size: bytes().length })
        : nodeFileSystem.fstat(fd),
    read: async (fd, buffer, offset, length, position) =>
      fd === own
        ? bytes().copy(buffer, offset, position ?? 0, (position ?? 0) + length)
        : nodeFileSystem.read(fd, buffer, offset, length, position),
  };
}

/** Everything that an index says, as plain data; what is found to be damaged is left out. */
async function said(segment: Segment, fs: FileSystem): Promise<{ whole: boolean; text: string }> {
  const { index, reason } = await openSegmentIndex(segment, { fs });
  if (!index) return { whole: false, text: reason };
  const rows = emptyRows();
  const dictionaries = [];
  for (let of = 0; of < 6; of++) dictionaries.push(await index.dictionary(of as Column));
  const groups = await index.groups();
  const isWhole =
    groups !== undefined &&
    (await index.load(everything, 0, groups.length)) &&
    index.fill(0, everything, rows, []);
  await index.close();
  const whole = isWhole && !dictionaries.includes(undefined);
  return {
    whole,
    text: whole ? JSON.stringify([index.header, index.isGrown, dictionaries, groups, rows]) : "",
  };
}

async function withIndex(use: (segment: Segment, index: Buffer, path: string) => Promise<void>) {
  await using directory = await temporaryDirectory();
  const path = join(directory.path, "events-shared.jsonl");
  const lines = Array.from({ length: 40 }, (_, at) =>
    at % 9 === 7
      ? "not json"
      : JSON.stringify({
          id: `id-${at}`,
          timestamp: new Date(at * at * 50).toISOString(),
          event: { event_type: `type_${at % 3}`, job_id: `job-${at % 2}`, agent_id: `agent-${at}` },
          metadata: { producer_id: "producer0", sequence: at * 3 },
        }),
  );
  await writeFile(path, `${lines.join("\n")}\n{"id":"torn`);
  const segment = (await resolveSegmentFile(path, nodeFileSystem))!;
  const { maxChunkBytes: chunkBytes, maxInflatedBytes } = defaultBounds;
  const kernel = new ReusedKernel(defaultBounds.maxScannedBytes);
  const built = await buildSegmentIndex(segment, {
    ...{ fs: nodeFileSystem, kernel, chunkBytes, maxInflatedBytes },
  });
  if (typeof built === "string") throw new Error(built);
  await writeSegmentIndex(segment, built, nodeFileSystem);
  const ofIndex = indexPath(directory.path, segment.logicalName);
  await use(segment, await readFile(ofIndex), ofIndex);
}

describe("a damaged index", () => {
  it("is refused, or says the same, whichever of its bits is flipped", async () => {
    await withIndex(async (segment, index, path) => {
      let bytes = index;
      const fs = withBytes(path, () => bytes);
      const sound = await said(segment, fs);
      expect(sound).toMatchObject({ whole: true });
      let refused = 0;
      for (let bit = 0; bit < index.length * 8; bit++) {
        bytes = Buffer.from(index);
        bytes[bit >> 3]! ^= 1 << (bit & 7);
        const { whole, text } = await said(segment, fs);
        if (whole && text !== sound.text) throw new Error(`bit ${bit} is not noticed`);
        if (!whole) refused++;
      }
      expect(refused).toBe(index.length * 8);
    });
  }, 300_000);

  it("is refused wherever it is cut off, and with anything behind it", async () => {
    await withIndex(async (segment, index, path) => {
      let bytes = index;
      const fs = withBytes(path, () => bytes);
      for (let length = 0; length < index.length; length++) {
        bytes = index.subarray(0, length);
        expect(await openSegmentIndex(segment, { fs })).toEqual({ reason: "damaged" });
      }
      bytes = Buffer.concat([index, Buffer.alloc(1)]);
      expect(await openSegmentIndex(segment, { fs })).toEqual({ reason: "damaged" });
    });
  });
});
