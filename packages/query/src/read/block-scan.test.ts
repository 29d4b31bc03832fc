import { encodeRecord } from "@prodigy-events/schema";
import { aRecord } from "@prodigy-events/schema/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BlockScan, lastCleanCut } from "./block-scan.js";

/** A file of lines with these times; `null` stands for a line that is no record. */
function fileOf(times: readonly (number | null)[]) {
  let offset = 0;
  const lines = times.map((ms, at) => {
    const record = aRecord("job_paused", { timestamp: new Date(ms ?? 0).toISOString() });
    const text = encodeRecord(record).trimEnd();
    // Every third line is one whose keys stand in another order, so that it has to be parsed.
    const written =
      at % 3 === 0 ? JSON.stringify(Object.fromEntries(Object.entries(record).reverse())) : text;
    const line = { text: ms === null ? "oops" : written, ms, offset };
    offset += Buffer.byteLength(line.text) + 1;
    return line;
  });
  return { lines, bytes: Buffer.from(lines.map(({ text }) => `${text}\n`).join("")) };
}

/** The blocks of a file that comes in pieces which end at `ends`. */
function scanPieces(bytes: Buffer, ends: readonly number[]) {
  const scan = new BlockScan();
  let offset = 0;
  for (const end of [...ends, bytes.length].sort((a, b) => a - b)) {
    // The piece's memory is reused, as that of a reader is.
    const piece = Buffer.from(bytes.subarray(offset, end));
    if (piece.length > 0) scan.push({ offset, bytes: piece });
    piece.fill("x");
    offset = end;
  }
  return scan.finish();
}

const times = fc.array(fc.option(fc.nat(50), { freq: 5 }), { maxLength: 30 });
const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 });

describe("BlockScan", () => {
  it("covers the whole file with blocks that know their times and whether they are sorted", () => {
    fc.assert(
      fc.property(times, cuts, fc.constantFrom("", "\ufeff"), (list, shares, mark) => {
        const { lines, bytes: content } = fileOf(list);
        const bytes = Buffer.concat([Buffer.from(mark), content]);
        const shift = Buffer.byteLength(mark);
        const blocks = scanPieces(
          bytes,
          shares.map((share) => Math.floor(share * bytes.length)),
        );
        const ends = blocks.map(({ endOffset }) => endOffset);
        expect(blocks.map(({ startOffset }) => startOffset)).toEqual(
          blocks.length > 0 ? [0, ...ends.slice(0, -1)] : [],
        );
        expect(ends.at(-1) ?? 0).toBe(bytes.length);
        for (const { startOffset, endOffset, earliestMs, latestMs, isSorted } of blocks) {
          const inside = lines.flatMap(({ offset, ms }) => {
            const start = offset === 0 ? 0 : offset + shift;
            return ms !== null && start >= startOffset && start < endOffset ? [ms] : [];
          });
          if (inside.length === 0) continue;
          expect([earliestMs, latestMs]).toEqual([Math.min(...inside), Math.max(...inside)]);
          expect(isSorted).toBe(inside.every((ms, at) => at === 0 || ms >= inside[at - 1]!));
        }
      }),
    );
  });

  it("forgets the beginning of a line whose end was lost to damage", () => {
    const { bytes } = fileOf([3, 4]);
    const scan = new BlockScan();
    scan.push({ offset: 0, bytes: Buffer.from('{"id":"lo') });
    scan.push({ offset: 100, bytes, afterDamage: true });
    expect(scan.finish().map(({ earliestMs }) => earliestMs)).toEqual([3, 4]);
  });

  it("takes a line of more than 16 MiB for no record", () => {
    const { bytes } = fileOf([7]);
    const scan = new BlockScan();
    const piece = Buffer.alloc(1024 * 1024, " ");
    for (let at = 0; at <= 16; at++) scan.push({ offset: at * piece.length, bytes: piece });
    scan.push({ offset: 17 * piece.length, bytes: Buffer.concat([bytes, bytes]) });
    expect(scan.finish()).toMatchObject([{ earliestMs: 7, latestMs: 7 }]);
  });
});

describe("lastCleanCut", () => {
  it("is the last place where everything before is earlier than everything after", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(9), { minLength: 1, maxLength: 12 }), (times) => {
        const clean = times.findLastIndex(
          (_time, at) => at > 0 && Math.max(...times.slice(0, at)) < Math.min(...times.slice(at)),
        );
        expect(lastCleanCut(times)).toBe(clean === -1 ? times.length : clean);
      }),
    );
  });
});
