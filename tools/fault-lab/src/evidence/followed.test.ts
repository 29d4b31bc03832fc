import { describe, expect, it } from "vitest";
import { followedOf } from "./followed.js";

const seen = (end: number, missing: number[] = [], repeated = 0) => [
  { producerId: "a", end, repeated, missing },
];
const gap = (fromSequence: number, toSequence?: number) => ({
  ...{ reason: "removed" as const, producerId: "a", path: "x", fromSequence, toSequence },
});
const acknowledged = new Map([["a", 10]]);

describe("followedOf", () => {
  it("finds nothing wrong when everything acknowledged came, and more", () => {
    const followed = followedOf(acknowledged, { producers: seen(12), gaps: [] });
    expect(followed).toEqual({ missed: 0, missedUntold: 0, repeated: 0 });
  });

  it.each([
    ["a hole in the middle", seen(10, [3, 4])],
    ["an end that did not come", seen(8)],
  ])("counts %s as missed and untold", (_, producers) => {
    expect(followedOf(acknowledged, { producers, gaps: [] })).toMatchObject({ missed: 2, missedUntold: 2 });
  });

  it("takes what a gap tells of as told, also a gap without an end", () => {
    const told = { producers: seen(8, [3]), gaps: [gap(3, 3), gap(8)] };
    expect(followedOf(acknowledged, told)).toMatchObject({ missed: 3, missedUntold: 0 });
  });

  it("counts a producer that it never saw", () => {
    expect(followedOf(acknowledged, { producers: [], gaps: [] })).toMatchObject({ missedUntold: 10 });
  });
});
