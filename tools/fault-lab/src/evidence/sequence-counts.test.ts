import { describe, expect, it } from "vitest";
import { SequenceCounts } from "./sequence-counts.js";

describe("SequenceCounts", () => {
  it("tells what is missing from what was read twice", () => {
    const counts = new SequenceCounts();
    for (const sequence of [0, 1, 1, 3, 5_000]) counts.add(sequence);
    expect(counts.end).toBe(5_001);
    expect(counts.distinct).toBe(4);
    expect(counts.repeated).toBe(1);
    expect(counts.missingBelow(5)).toEqual([2, 4]);
  });
});
