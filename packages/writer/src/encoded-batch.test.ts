import { encodeRecord } from "@prodigy-events/schema";
import { aRecord } from "@prodigy-events/schema/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  batchOf,
  encodeBatch,
  endOfLines,
  firstLineOf,
  joinBatches,
  lastLineOf,
  sliceBatch,
} from "./encoded-batch.js";

const anyLine = fc.string({ unit: "grapheme" }).map((text) => `${JSON.stringify(text)}\n`);
/** Not what a logger writes, but what shows best whether a line's end is found where it is. */
const shortLine = fc.stringMatching(/^[a-zé]{0,2}$/).map((text) => `${text}\n`);

describe("encodeBatch", () => {
  it("counts lines and numbers them from the first sequence on", () => {
    const batch = encodeBatch(["1\n", "2\n", "3\n"], 7);
    expect(batch).toMatchObject({ count: 3, firstSequence: 7, lastSequence: 9 });
    expect(Buffer.from(batch.bytes).toString()).toBe("1\n2\n3\n");
  });

  it("takes the last sequence where numbers have gaps", () => {
    expect(encodeBatch(["1\n", "2\n"], 7, 12).lastSequence).toBe(12);
  });

  it("gives back every line as it was, with its end", () => {
    fc.assert(
      fc.property(fc.array(anyLine), (lines) => {
        expect([...encodeBatch(lines, 0).records()]).toEqual(lines);
      }),
    );
  });

  it("names the first and the last line without their ends", () => {
    fc.assert(
      fc.property(fc.array(shortLine, { minLength: 1 }), (lines) => {
        const { bytes } = encodeBatch(lines, 0);
        expect(`${firstLineOf(bytes)}\n`).toBe(lines[0]);
        expect(`${lastLineOf(bytes)}\n`).toBe(lines.at(-1));
      }),
    );
  });
});

describe("batchOf", () => {
  it("reads a window of a larger buffer", () => {
    const bytes = Buffer.from("xx1\n2\nyy").subarray(2, 6);
    expect([...batchOf({ bytes, count: 2, firstSequence: 0, lastSequence: 1 }).records()]).toEqual([
      "1\n",
      "2\n",
    ]);
  });
});

describe("lines of which the last has no end", () => {
  const bytes = Buffer.from("1\n2\n333");

  it("are all read, the last one too", () => {
    const batch = batchOf({ bytes, count: 3, firstSequence: 0, lastSequence: 2 });
    expect([...batch.records()]).toEqual(["1\n", "2\n", "333"]);
    expect(lastLineOf(bytes)).toBe("333");
    expect(firstLineOf(bytes.subarray(4))).toBe("333");
  });

  it("are not cut within that one, nor before it where all of them fit", () => {
    expect(endOfLines(bytes, 4, 1)).toBe(bytes.length);
    expect(endOfLines(bytes, 0, bytes.length)).toBe(bytes.length);
    expect(endOfLines(bytes, 0, bytes.length - 1)).toBe(4);
  });
});

describe("joinBatches", () => {
  it("has the bytes of all, wherever in memory each begins", () => {
    const partAt = fc.record({ line: shortLine, at: fc.integer({ min: 0, max: 4 }) });
    fc.assert(
      fc.property(fc.array(partAt, { minLength: 1 }), (parts) => {
        const batches = parts.map(({ line, at }, index) => {
          // A buffer of its own for each.
          const bytes = new Uint8Array(at + Buffer.byteLength(line)).subarray(at);
          bytes.set(Buffer.from(line));
          return batchOf({ bytes, count: 1, firstSequence: index, lastSequence: index });
        });
        expect([...joinBatches(batches).records()]).toEqual(parts.map(({ line }) => line));
      }),
    );
  });

  it("has the bytes of all in order, from the first sequence to the last", () => {
    const joined = joinBatches([
      encodeBatch(["1\n"], 0),
      encodeBatch(["2\n", "3\n"], 4),
      encodeBatch(["4\n"], 9),
    ]);
    expect(joined).toMatchObject({ count: 4, firstSequence: 0, lastSequence: 9 });
    expect([...joined.records()]).toEqual(["1\n", "2\n", "3\n", "4\n"]);
  });

  it("copies nothing of batches that lie behind each other in memory", () => {
    const bytes = Buffer.from("1\n2\n3\n");
    const part = (start: number, end: number, firstSequence: number) =>
      batchOf({ bytes: bytes.subarray(start, end), count: 1, firstSequence, lastSequence: firstSequence });
    const joined = joinBatches([part(0, 2, 0), part(2, 4, 1), part(4, 6, 2)]);
    expect([...joined.records()]).toEqual(["1\n", "2\n", "3\n"]);
    expect([joined.bytes.buffer, joined.bytes.byteOffset]).toEqual([bytes.buffer, bytes.byteOffset]);
    const apart = joinBatches([part(0, 2, 0), part(4, 6, 2)]);
    expect([...apart.records()]).toEqual(["1\n", "3\n"]);
    expect([...joinBatches([part(2, 4, 1), part(0, 2, 2)]).records()]).toEqual(["2\n", "1\n"]);
  });

  it("returns a single batch as it is", () => {
    const batch = encodeBatch(["1\n"], 0);
    expect(joinBatches([batch])).toBe(batch);
  });

  it("refuses to join nothing", () => {
    expect(() => joinBatches([])).toThrow(new RangeError("No batches to join."));
  });
});

describe("endOfLines", () => {
  it("takes as many whole lines as fit, and at least one", () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(anyLine, shortLine), { minLength: 1 }),
        fc.oneof(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 4 })),
        (lines, maxBytes) => {
          const { bytes } = encodeBatch(lines, 0);
          let taken = 0;
          for (let start = 0; start < bytes.length; ) {
            const end = endOfLines(bytes, start, maxBytes);
            const count = [...sliceBatch(encodeBatch(lines, 0), start, end).records()].length;
            const sizes = lines.slice(taken).map((line) => Buffer.byteLength(line));
            const fitting = sizes.findIndex((_, index) => sum(sizes.slice(0, index + 1)) > maxBytes);
            expect(count).toBe(Math.max(1, fitting === -1 ? sizes.length : fitting));
            taken += count;
            start = end;
          }
          expect(taken).toBe(lines.length);
        },
      ),
    );
  });
});

describe("sliceBatch", () => {
  const lines = [3, 5, 9].map((sequence) => encodeRecord(aRecord("job_paused", { metadata: { sequence } })));
  const [first = "", second = ""] = lines;

  it("has the sequence numbers of its own records", () => {
    const batch = encodeBatch(lines, 3, 9);
    expect(sliceBatch(batch, 0, first.length)).toMatchObject({ count: 1, firstSequence: 3, lastSequence: 3 });
    const rest = sliceBatch(batch, first.length, batch.bytes.length);
    expect(rest).toMatchObject({ count: 2, firstSequence: 5, lastSequence: 9 });
    expect([...rest.records()][0]).toBe(second);
  });

  it("is the batch itself when it is all of it", () => {
    const batch = encodeBatch(lines, 3, 9);
    expect(sliceBatch(batch, 0, batch.bytes.length)).toBe(batch);
  });

  it("has the numbers of the whole where lines are no records", () => {
    const batch = encodeBatch(["1\n", "2\n"], 7);
    expect(sliceBatch(batch, 2, 4)).toMatchObject({ count: 1, firstSequence: 7, lastSequence: 8 });
  });
});

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
