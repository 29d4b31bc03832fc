import { describe, expect, it } from "vitest";
import { chanceFrom } from "./chance.js";

const draw = (seed: number): number[] => {
  const chance = chanceFrom(seed);
  return Array.from({ length: 1_000 }, () => chance.below(10));
};

describe("chanceFrom", () => {
  it("gives the same numbers for the same seed, and others for another", () => {
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
  });

  it("gives every number below the bound, and none other", () => {
    expect([...new Set(draw(1))].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });
});
