import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Block, planBlockRuns } from "./block-runs.js";

const blocks: fc.Arbitrary<Block[]> = fc
  .array(
    fc.record({
      bytes: fc.integer({ min: 1, max: 10 }),
      earliestMs: fc.nat(30),
      span: fc.nat(5),
      isSorted: fc.boolean(),
    }),
  )
  .map((list) => {
    let startOffset = 0;
    return list.map(({ bytes, earliestMs, span, isSorted }) => {
      const times = { earliestMs, latestMs: earliestMs + span, isSorted };
      const block = { startOffset, endOffset: startOffset + bytes, ...times };
      startOffset += bytes;
      return block;
    });
  });

describe("planBlockRuns", () => {
  it("covers every byte once, in order, with runs whose blocks follow each other in time", () => {
    fc.assert(
      fc.property(blocks, fc.nat(40), (list, maxBlockBytes) => {
        const runs = planBlockRuns(list, maxBlockBytes);
        const all = runs.flat();
        expect(all[0]?.startOffset).toBe(list[0]?.startOffset);
        expect(all.at(-1)?.endOffset).toBe(list.at(-1)?.endOffset);
        for (let at = 1; at < all.length; at++) expect(all[at]!.startOffset).toBe(all[at - 1]!.endOffset);
        for (const run of runs) {
          for (let at = 1; at < run.length; at++)
            expect(run[at]!.earliestMs).toBeGreaterThan(run[at - 1]!.latestMs);
        }
        const largest = Math.max(
          maxBlockBytes,
          ...list.map(({ startOffset, endOffset }) => endOffset - startOffset),
        );
        for (const { startOffset, endOffset } of all)
          expect(endOffset - startOffset).toBeLessThanOrEqual(largest);
        for (const block of list) {
          const whole = all.find(
            ({ startOffset, endOffset }) => startOffset <= block.startOffset && block.endOffset <= endOffset,
          )!;
          expect(whole.earliestMs).toBeLessThanOrEqual(block.earliestMs);
          expect(whole.latestMs).toBeGreaterThanOrEqual(block.latestMs);
        }
      }),
    );
  });

  const block = (startOffset: number, earliestMs: number, latestMs: number): Block => ({
    startOffset,
    endOffset: startOffset + 10,
    earliestMs,
    latestMs,
    isSorted: true,
  });

  it("makes one run of a file in time order", () => {
    expect(planBlockRuns([block(0, 0, 4), block(10, 5, 8), block(20, 9, 9)], 0)).toHaveLength(1);
  });

  it("joins neighbours that overlap when they are small, and parts them when they are not", () => {
    const list = [block(0, 0, 4), block(10, 4, 8), block(20, 9, 9)];
    expect(planBlockRuns(list, 20)).toEqual([
      [{ startOffset: 0, endOffset: 20, earliestMs: 0, latestMs: 8, isSorted: true }, block(20, 9, 9)],
    ]);
    expect(planBlockRuns(list, 19)).toEqual([[block(0, 0, 4)], [block(10, 4, 8), block(20, 9, 9)]]);
  });

  it("calls joined blocks sorted only if the second does not reach back into the first", () => {
    const joined = (second: Block) => planBlockRuns([block(0, 0, 4), second], 20)[0]![0]!.isSorted;
    expect(joined(block(10, 4, 8))).toBe(true);
    expect(joined(block(10, 3, 8))).toBe(false);
    expect(joined({ ...block(10, 4, 8), isSorted: false })).toBe(false);
  });

  it("makes two runs of two files that were put one after the other", () => {
    const runs = planBlockRuns([block(0, 0, 4), block(10, 5, 9), block(20, 0, 4), block(30, 5, 9)], 0);
    expect(runs.map((run) => run.length)).toEqual([2, 2]);
  });
});
