import { describe, expect, it } from "vitest";
import { certainGaps, type ReadNumbers } from "./certain-gaps.js";

type Range = readonly [first: number, last: number];

const stretch = (path: string, first: number, last: number) => ({ path, first, last });
const numbers = (ranges: readonly Range[], more: Partial<ReadNumbers> = {}): ReadNumbers => ({
  ...{ sequences: { ranges, isComplete: true }, dropped: [], isOrdered: true, ...more },
});
const segments = [stretch("a", 3, 9), stretch("b", 8, 30)];

describe("certainGaps", () => {
  it("names what is missing between the least and the greatest number, and the file in which numbers skip it", () => {
    const read = numbers([
      [3, 4],
      [7, 11],
      [15, 30],
    ]);
    expect(certainGaps(read, segments, -1)).toEqual([stretch("a", 5, 6), stretch("b", 12, 14)]);
    expect(certainGaps(numbers([[3, 30]]), segments, -1)).toEqual([]);
    expect(certainGaps(numbers([]), [], -1)).toEqual([]);
  });

  it("leaves out what records say was dropped", () => {
    const dropped = [
      { first: 5, last: 6 },
      { first: 13, last: 13 },
    ];
    const read = numbers(
      [
        [3, 4],
        [7, 11],
        [15, 30],
      ],
      { dropped },
    );
    expect(certainGaps(read, segments, -1)).toEqual([stretch("b", 12, 12), stretch("b", 14, 14)]);
  });

  it.each([
    [-1, 5],
    [4, 5],
    [5, 6],
    [7, 8],
  ])("leaves out what may stand in what was not read: up to %d", (unreadUpTo, first) => {
    const read = numbers([
      [3, 4],
      [9, 30],
    ]);
    expect(certainGaps(read, segments, unreadUpTo)).toEqual([stretch("a", first, 8)]);
    expect(certainGaps(read, segments, 8)).toEqual([]);
    expect(certainGaps(read, segments, Number.POSITIVE_INFINITY)).toEqual([]);
  });

  it("says nothing of numbers out of order, too scattered, or greater than the last one", () => {
    const ranges: Range[] = [
      [3, 4],
      [9, 30],
    ];
    expect(certainGaps(numbers(ranges, { isOrdered: false }), segments, -1)).toEqual([]);
    expect(certainGaps(numbers([], { sequences: { ranges, isComplete: false } }), segments, -1)).toEqual([]);
    expect(certainGaps(numbers(ranges), [stretch("a", 3, 30), stretch("b", 9, 12)], -1)).toEqual([]);
  });
});
