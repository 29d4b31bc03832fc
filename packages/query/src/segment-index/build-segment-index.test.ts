import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import {
  compressSegment,
  nodeFileSystem as fs,
  resolveSegmentFile,
  type Segment,
} from "@prodigy-events/storage";
import { temporaryDirectory } from "@prodigy-events/test-kit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyLine } from "../../test/arbitrary-lines.js";
import { indexRows, kernelRows } from "../../test/index-rows.js";
import { Kernel } from "../scan/kernel.js";
import { type BuildOptions, buildSegmentIndex } from "./build-segment-index.js";
import { openSegmentIndex } from "./open-segment-index.js";
import { ReusedKernel } from "./reused-kernel.js";
import { writeSegmentIndex } from "./write-segment-index.js";

const usual: BuildOptions = {
  ...{ fs, kernel: new ReusedKernel(1 << 20), chunkBytes: 1 << 18, maxInflatedBytes: 1 << 30 },
};

async function withSegment(
  content: Buffer,
  state: "plain" | "gzip" | "members",
  use: (segment: Segment) => Promise<void>,
) {
  await using directory = await temporaryDirectory();
  const plain = join(directory.path, "events-20260101_000000_000-producer0.jsonl");
  const path = state === "plain" ? plain : `${plain}.rotated.gz`;
  await writeFile(plain, content);
  if (state === "gzip") await writeFile(path, gzipSync(content));
  if (state === "members") await compressSegment(plain, path, { fs, memberBytes: 300 });
  await use((await resolveSegmentFile(path, fs))!);
}

async function built(segment: Segment, options: Partial<BuildOptions> = {}) {
  const index = await buildSegmentIndex(segment, { ...usual, ...options });
  if (typeof index === "string") throw new Error(index);
  return index;
}

/** Kernels take longer to make than a few lines to read. */
const kernels = new Map(
  [100, 300, 1_048_576].map((bytes) => [bytes, { own: new Kernel(bytes), reused: new ReusedKernel(bytes) }]),
);

const lines = fc.array(anyLine, { maxLength: 30 });
const tails = fc.constantFrom("", "", '{"id":"x","timest', "\0\0", " ");

describe("buildSegmentIndex", () => {
  it("gives every line of a segment the row that the kernel gives it, and leaves the tail", async () => {
    await fc.assert(
      fc.asyncProperty(
        lines,
        tails,
        fc.constantFrom("plain" as const, "gzip" as const, "members" as const),
        fc.constantFrom(50, 700, 262_144),
        fc.constantFrom(...kernels.keys()),
        async (each, tail, state, chunkBytes, maxScannedBytes) => {
          const whole = Buffer.concat(each.flatMap((line) => [line, Buffer.from("\n")]));
          await withSegment(Buffer.concat([whole, Buffer.from(tail)]), state, async (segment) => {
            const { own, reused } = kernels.get(maxScannedBytes)!;
            const index = await built(segment, { chunkBytes, kernel: reused });
            await writeSegmentIndex(segment, index, fs);
            const opened = await openSegmentIndex(segment, { fs });
            expect(opened.reason).toBeUndefined();
            const { header } = opened.index!;
            expect(header).toMatchObject({
              endOffset: whole.length,
              contentBytes: whole.length + tail.length,
            });
            const rows = kernelRows(whole, own);
            expect(await indexRows(opened.index!)).toEqual(rows);
            const decided = rows.filter(([, , columns]) => columns !== undefined).length;
            expect(header).toMatchObject({ rows: rows.length, decided });
            await opened.index!.close();
          });
        },
      ),
      { numRuns: 150 },
    );
  }, 120_000);

  it("gives as undecided what has no room in a dictionary, to those who ask for it", async () => {
    const content = Array.from({ length: 66_000 }, (_, at) => {
      const event = { event_type: "a", item_id: `item-${at}` };
      return `${JSON.stringify({ id: "", timestamp: "2026-01-01T00:00:00Z", event })}\n`;
    });
    await withSegment(Buffer.from(content.join("")), "plain", async (segment) => {
      await writeSegmentIndex(segment, await built(segment, { kernel: new ReusedKernel(1 << 20) }), fs);
      const { index } = await openSegmentIndex(segment, { fs });
      expect(index!.header.decided).toBe(66_000);
      expect(index!.header.columns[3]).toMatchObject({ texts: 65_536, unlisted: 464 });
      const seen = await indexRows(index!);
      expect(seen.filter(([, , columns]) => columns === undefined).length).toBe(464);
      expect(seen[65_535]![2]).toContain("item-65535");
      await index!.close();
    });
  });

  it("refuses a line that is too long to be read", async () => {
    const content = Buffer.concat([Buffer.alloc(17 << 20, "x"), Buffer.from("\n{}\n")]);
    await withSegment(content, "plain", async (segment) => {
      expect(await buildSegmentIndex(segment, usual)).toMatch(/^what is at byte 0 cannot be indexed/);
    });
  });

  it("refuses a segment that is changed while it is read", async () => {
    const content = Buffer.from('{"id":"x","timestamp":"2026-01-01T00:00:00Z","event":{"event_type":"a"}}\n');
    await withSegment(content, "plain", async (segment) => {
      const changing = { ...fs, fstat: fs.fstat };
      let isRead = false;
      changing.read = async (...args) => {
        if (!isRead) await writeFile(segment.path, (await readFile(segment.path)).fill("y", 7, 8));
        isRead = true;
        return fs.read(...args);
      };
      await new Promise((resolve) => setTimeout(resolve, 20)); // for the time of the change to be another
      expect(await buildSegmentIndex(segment, { ...usual, fs: changing })).toBe("it was changed meanwhile");
    });
  });
});
