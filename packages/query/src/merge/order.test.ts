import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareRanks, compareRanksBackward, type Rank, rankAfter, rankBefore } from "./order.js";

const rank: fc.Arbitrary<Rank> = fc.record({
  ms: fc.integer({ min: -2, max: 2 }),
  nanos: fc.nat(1),
  producer: fc.constantFrom("", "a", "b", "\u{10ffff}"),
  sequence: fc.integer({ min: -1, max: 1 }),
  file: fc.nat(1),
  offset: fc.nat(1),
});
const keys = ["ms", "nanos", "producer", "sequence", "file", "offset"] as const;

describe("compareRanks", () => {
  it("goes by time, then producer and sequence, then file and offset", () => {
    fc.assert(
      fc.property(rank, rank, (a, b) => {
        const key = keys.find((each) => a[each] !== b[each]);
        const expected = key === undefined ? 0 : a[key] < b[key] ? -1 : 1;
        expect(Math.sign(compareRanks(a, b))).toBe(expected);
        expect(Math.sign(compareRanksBackward(b, a))).toBe(expected);
      }),
    );
  });

  it("puts the bounds of an instant around all records of that instant", () => {
    fc.assert(
      fc.property(rank, (each) => {
        expect(compareRanks(rankBefore(each), each)).toBeLessThan(0);
        expect(compareRanks(rankAfter(each), each)).toBeGreaterThan(0);
        expect(compareRanks(rankBefore(each), { ...each, nanos: each.nanos - 1 })).toBeGreaterThan(0);
        expect(compareRanks(rankAfter(each), { ...each, nanos: each.nanos + 1 })).toBeLessThan(0);
      }),
    );
  });
});
