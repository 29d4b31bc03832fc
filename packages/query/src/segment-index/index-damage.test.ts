import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import {
  type FileSystem,
  indexPath,
  nodeFileSystem,
  resolveSegmentFile,
  type Segment,
} from "@prodigy-events/storage";
import { temporaryDirectory } from "@prodigy-events/test-kit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defaultBounds } from "../bounds.js";
import type { Column } from "../scan/kernel.js";
import { buildSegmentIndex } from "./build-segment-index.js";
import type { IndexHeader } from "./index-header.js";
import { joinIndexPieces } from "./join-index-pieces.js";
import { openSegmentIndex } from "./open-segment-index.js";
import { ReusedKernel } from "./reused-kernel.js";
import { emptyRows } from "./segment-index.js";
import { everything, textColumns } from "./stored-column.js";
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

/** Values that a number in a file may be taken for, and others. */
const oddValue = fc.constantFrom<unknown>(
  ...[-1, 0, 1, 2, 7, 255, 4_096, 4_097, 1e6, 2 ** 31, 2 ** 32, 2 ** 53, 1e300, 0.5, null, "x", [], {}, true],
);

describe("an index that somebody made, with sound checksums", () => {
  it("is refused or gives rows that lie in the segment, whatever its header says", async () => {
    await withIndex(async (segment, index, path) => {
      const end = 16 + index.readUInt32LE(8);
      const header: object = JSON.parse(index.toString("utf8", 16, end));
      const places = placesIn(header);
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.tuple(fc.constantFrom(...places), oddValue), { minLength: 1 }),
          async (changes) => {
            const changed = structuredClone(header);
            for (const [place, value] of changes) setAt(changed, place, structuredClone(value));
            await isHarmless(segment, withHeader(changed, index.subarray(end)), path);
          },
        ),
        { numRuns: 1_000 },
      );
    });
  });

  it("is refused or gives rows that lie in the segment, whatever its groups and dictionaries say", async () => {
    await withIndex(async (segment, index, path) => {
      const end = 16 + index.readUInt32LE(8);
      const header: IndexHeader = JSON.parse(index.toString("utf8", 16, end));
      const sections = [...header.columns, header.groups];
      const length = sections.reduce((sum, { bytes }) => sum + bytes, 0);
      const change = fc.tuple(fc.nat(length - 1), fc.constantFrom(0, 1, 2, 4, 8, 0x7f, 0x80, 0xff));
      await fc.assert(
        fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 6 }), async (changes) => {
          const body = Buffer.from(index.subarray(end));
          for (const [at, value] of changes) body[at] = value;
          const changed: IndexHeader = structuredClone(header);
          let from = 0;
          for (const section of [...changed.columns, changed.groups]) {
            Object.assign(section, { crc32: crc32(body.subarray(from, from + section.bytes)) });
            from += section.bytes;
          }
          await isHarmless(segment, withHeader(changed, body), path);
        }),
        { numRuns: 2_000 },
      );
    });
  });
});

function withHeader(header: object, body: Buffer): Buffer {
  const text = Buffer.from(JSON.stringify(header));
  const preface = Buffer.from("PRDGIDX1........");
  preface.writeUInt32LE(text.length, 8);
  preface.writeUInt32LE(crc32(text), 12);
  return Buffer.concat([preface, text, body]);
}

/** Reads all of an index, which must not fail, nor lead out of the segment. */
async function isHarmless(segment: Segment, bytes: Buffer, path: string): Promise<void> {
  const fs = withBytes(path, () => bytes);
  const { index } = await openSegmentIndex(segment, { fs });
  if (!index) return;
  await index.members();
  for (const of of textColumns) await index.dictionary(of);
  const piece = await index.piece();
  if (piece) joinIndexPieces([piece], { ...index.header, members: [] });
  const rows = emptyRows();
  for (const [group, { firstOffset }] of ((await index.groups()) ?? []).entries()) {
    if (!(await index.load(everything, group, group + 1)) || !index.fill(group, everything, rows, [])) break;
    for (let row = 0; row < rows.count; row++) {
      expect(rows.starts[row]).toBeLessThanOrEqual(rows.ends[row]!);
      expect(firstOffset + rows.ends[row]!).toBeLessThan(segment.bytes);
    }
  }
  await index.close();
}

/** The ways to all values in a value. */
function placesIn(value: unknown, way: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  if (typeof value !== "object" || value === null) return [way];
  return Object.entries(value).flatMap(([key, each]) => [[...way, key], ...placesIn(each, [...way, key])]);
}

function setAt(target: object, way: readonly (string | number)[], value: unknown): void {
  let at: unknown = target;
  for (const key of way.slice(0, -1)) {
    at = (at as Record<string, unknown>)[key];
    if (typeof at !== "object" || at === null) return;
  }
  (at as Record<string, unknown>)[way.at(-1)!] = value;
}
