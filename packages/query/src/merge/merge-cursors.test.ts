import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Bounds, defaultBounds } from "../bounds.js";
import type { EntrySource } from "../read/entry-source.js";
import type { Entry } from "../read/match.js";
import { Cursor } from "./cursor.js";
import { mergeCursors } from "./merge-cursors.js";
import { compareRanks, rankBefore } from "./order.js";

/** A source in memory that notes what is asked of it. */
class MemorySource implements EntrySource {
  readonly chunks: Entry[][];
  isOpen = false;
  opened = 0;

  constructor(chunks: Entry[][]) {
    this.chunks = [...chunks];
  }

  async next(): Promise<Entry[] | undefined> {
    if (!this.isOpen) this.opened++;
    this.isOpen = true;
    const chunk = this.chunks.shift();
    if (!chunk) this.isOpen = false;
    return chunk;
  }

  async release(): Promise<void> {
    this.isOpen = false;
  }
}

const entry = (ms: number, file: number, offset: number) =>
  ({ ms, nanos: 0, producer: "", sequence: -1, file, offset, line: "x" }) as Entry;
const bounds: Bounds = { ...defaultBounds, maxOpenReaders: 2, batchRecords: 3 };

async function collect(cursors: Cursor[]): Promise<Entry[]> {
  const merged: Entry[] = [];
  for await (const batch of mergeCursors(cursors, compareRanks, { bounds })) merged.push(...batch);
  return merged;
}

/** Sorted inputs, cut into chunks of which some are empty. */
const inputs = fc.array(
  fc.array(fc.array(fc.nat(3), { maxLength: 4 }), { maxLength: 4 }).map((chunks) => {
    let now = 0;
    return chunks.map((steps) => steps.map((step) => (now += step)));
  }),
  { maxLength: 6 },
);

describe("mergeCursors", () => {
  it("merges any number of sorted inputs within any bounds", async () => {
    await fc.assert(
      fc.asyncProperty(inputs, fc.boolean(), async (files, areBoundsKnown) => {
        const sources = files.map((chunks, file) => {
          let offset = 0;
          return new MemorySource(chunks.map((times) => times.map((ms) => entry(ms, file, offset++))));
        });
        const all = sources.flatMap(({ chunks }) => chunks.flat());
        const cursors = sources.map((source) => {
          const first = areBoundsKnown ? source.chunks.flat()[0]?.ms : undefined;
          return new Cursor(source, rankBefore({ ms: first ?? Number.NEGATIVE_INFINITY, nanos: 0 }));
        });
        expect(await collect(cursors)).toEqual(all.toSorted(compareRanks));
        expect(sources.every(({ isOpen }) => !isOpen)).toBe(true);
      }),
    );
  });

  it("opens an input only when its time has come, and no more at once than allowed", async () => {
    const sources = [0, 10, 20, 30].map(
      (ms, file) => new MemorySource([[entry(ms, file, 0), entry(ms + 15, file, 1)]]),
    );
    const cursors = sources.map((source, at) => new Cursor(source, rankBefore({ ms: at * 10, nanos: 0 })));
    const merged = mergeCursors(cursors, compareRanks, { bounds: { ...bounds, batchRecords: 1 } });
    await merged.next();
    expect(sources.map(({ opened }) => opened)).toEqual([1, 0, 0, 0]);
    await merged.next();
    expect(sources.map(({ opened }) => opened)).toEqual([1, 1, 0, 0]);
    await merged.next();
    await merged.next();
    expect(sources.filter(({ isOpen }) => isOpen).length).toBeLessThanOrEqual(bounds.maxOpenReaders);
    await merged.return();
    expect(sources.filter(({ isOpen }) => isOpen)).toEqual([]);
  });

  it("ends with the signal's reason, and with everything closed", async () => {
    const source = new MemorySource([[entry(0, 0, 0)], [entry(1, 0, 1)]]);
    const stop = new AbortController();
    const cursors = [new Cursor(source, rankBefore({ ms: 0, nanos: 0 }))];
    const merged = mergeCursors(cursors, compareRanks, {
      bounds: { ...bounds, batchRecords: 1 },
      signal: stop.signal,
    });
    await merged.next();
    stop.abort(new Error("enough"));
    await expect(merged.next()).rejects.toThrow("enough");
    expect(source.isOpen).toBe(false);
  });
});
