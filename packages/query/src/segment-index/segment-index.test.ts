import { appendFile, mkdir, stat, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import {
  nodeFileSystem as fs,
  indexDirectoryName,
  indexPath,
  resolveSegmentFile,
  type Segment,
} from "@prodigy-events/storage";
import { temporaryDirectory } from "@prodigy-events/test-kit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyLine } from "../../test/arbitrary-lines.js";
import { indexRows, kernelRows } from "../../test/index-rows.js";
import { Kernel } from "../scan/kernel.js";
import type { EncodedIndex } from "./encode-index.js";
import { fingerprintOf } from "./fingerprint.js";
import { indexLines } from "./index-lines.js";
import { type IndexPiece, IndexPieceBuilder } from "./index-piece.js";
import { type IndexedContent, joinIndexPieces } from "./join-index-pieces.js";
import { openSegmentIndex } from "./open-segment-index.js";

const kernel = new Kernel(1 << 20);

function pieceOf(content: Buffer, from: number, to: number): IndexPiece {
  const builder = new IndexPieceBuilder(from, (of, code) => kernel.text(of, code));
  if (to > from) indexLines({ offset: from, bytes: content.subarray(from, to) }, kernel, builder);
  return structuredClone(builder.finish(to));
}

/** Pieces that end at line ends near the given places. */
function piecesOf(content: Buffer, places: readonly number[]): IndexPiece[] {
  const cuts = places.map((place) => content.indexOf(0x0a, Math.floor(place * content.length)) + 1);
  const ends = [...new Set([...cuts.filter((cut) => cut > 0), content.length])].sort((a, b) => a - b);
  return ends.map((end, at) => pieceOf(content, ends[at - 1] ?? 0, end));
}

async function contentOf(path: string, endOffset: number): Promise<IndexedContent> {
  const { dev, ino, size: bytes, mtimeMs } = await stat(path);
  const fd = await fs.open(path, 0);
  const fingerprint = (await fingerprintOf({ fd, path }, endOffset, fs)) ?? null;
  await fs.close(fd);
  const segment = { logicalName: basename(path), dev, ino, bytes, mtimeMs, format: "plain" as const };
  return { segment, contentBytes: bytes, endOffset, fingerprint, members: [] };
}

/** A segment, and the means to index it. */
async function withSegment(
  content: Buffer,
  use: (segment: {
    path: string;
    found(): Promise<Segment>;
    write(index: EncodedIndex): Promise<void>;
  }) => Promise<void>,
) {
  await using directory = await temporaryDirectory();
  const path = join(directory.path, "events-shared.jsonl");
  await writeFile(path, content);
  await mkdir(join(directory.path, indexDirectoryName));
  await use({
    path,
    found: async () => (await resolveSegmentFile(path, fs))!,
    write: ({ parts }) => writeFile(indexPath(directory.path, basename(path)), Buffer.concat(parts)),
  });
}

const contents = fc
  .array(anyLine, { maxLength: 40 })
  .map((lines) => Buffer.concat(lines.flatMap((line) => [line, Buffer.from("\n")])));
/** Thousands of lines whose columns need few bytes, or many, with any lines in between. */
const longContents = fc
  .record({
    lines: fc.integer({ min: 4_000, max: 9_000 }),
    agents: fc.constantFrom(1, 5, 300, 70_000),
    step: fc.constantFrom(0, 1, 300, 100_000, -5),
    nanos: fc.constantFrom(0, 1, 999_983),
    padding: fc.constantFrom(0, 1, 300),
    sequence: fc.constantFrom("rising" as const, "none" as const, "level" as const, "scattered" as const),
    odd: fc.array(fc.tuple(fc.nat(9_000), anyLine), { maxLength: 5 }),
  })
  .map(({ lines, agents, step, nanos, padding, sequence, odd }) => {
    const numberOf = {
      rising: (at: number) => at,
      level: () => 7,
      scattered: (at: number) => (at * 7_919) % 10 ** 6,
    };
    const parts = Array.from({ length: lines }, (_, at) => {
      const time = new Date(Date.UTC(2026, 0, 1) + step * at).toISOString().slice(0, -1);
      const timestamp = `${time}${String((nanos * at) % 1_000_000).padStart(6, "0")}Z`;
      const event = {
        event_type: `type_${at % 3}`,
        agent_id: `agent-${(at * 31) % agents}`,
        text: "x".repeat((at % 7) * padding),
      };
      const metadata =
        sequence === "none" ? {} : { producer_id: "producer0", sequence: numberOf[sequence](at) };
      return Buffer.from(`${JSON.stringify({ id: `id-${at}`, timestamp, event, metadata })}\n`);
    });
    for (const [at, line] of odd) if (at < lines) parts[at] = Buffer.concat([line, Buffer.from("\n\n")]);
    return Buffer.concat(parts);
  });
const places = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 5 });

describe("an index of a segment", () => {
  it("has the rows of the kernel, and the same bytes wherever the segment was cut", async () => {
    await fc.assert(
      fc.asyncProperty(contents, places, async (content, cuts) => {
        await withSegment(content, async ({ path, found, write }) => {
          const indexed = await contentOf(path, content.length);
          const whole = joinIndexPieces(piecesOf(content, []), indexed);
          const joined = joinIndexPieces(piecesOf(content, cuts), indexed);
          expect(Buffer.concat(joined.parts)).toEqual(Buffer.concat(whole.parts));
          await write(whole);
          const { index, reason } = await openSegmentIndex(await found(), { fs });
          expect(reason).toBeUndefined();
          try {
            expect(await indexRows(index!)).toEqual(kernelRows(content, kernel));
          } finally {
            await index!.close();
          }
        });
      }),
      { numRuns: 100 },
    );
  }, 120_000);

  it("has the rows of the kernel whatever their number and the width of their columns", async () => {
    await fc.assert(
      fc.asyncProperty(longContents, places, async (content, cuts) => {
        await withSegment(content, async ({ path, found, write }) => {
          const indexed = await contentOf(path, content.length);
          const whole = joinIndexPieces(piecesOf(content, []), indexed);
          const joined = joinIndexPieces(piecesOf(content, cuts), indexed);
          expect(Buffer.concat(joined.parts).equals(Buffer.concat(whole.parts))).toBe(true);
          await write(whole);
          const { index } = await openSegmentIndex(await found(), { fs });
          try {
            expect(await indexRows(index!)).toEqual(kernelRows(content, kernel));
          } finally {
            await index!.close();
          }
        });
      }),
      { numRuns: 10 },
    );
  }, 120_000);

  it("that others are joined to is what indexing all of the grown segment gives", async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(contents, longContents), contents, async (before, added) => {
        const grown = Buffer.concat([before, added]);
        await withSegment(before, async ({ path, found, write }) => {
          await write(joinIndexPieces(piecesOf(before, []), await contentOf(path, before.length)));
          await appendFile(path, added);
          const { index } = await openSegmentIndex(await found(), { fs });
          expect(index?.isGrown).toBe(added.length > 0);
          const piece = await index!.piece();
          await index!.close();
          const indexed = await contentOf(path, grown.length);
          const extended = joinIndexPieces([piece!, pieceOf(grown, before.length, grown.length)], indexed);
          const fresh = joinIndexPieces(piecesOf(grown, []), indexed);
          expect(Buffer.concat(extended.parts).equals(Buffer.concat(fresh.parts))).toBe(true);
        });
      }),
      { numRuns: 40 },
    );
  }, 120_000);
});
