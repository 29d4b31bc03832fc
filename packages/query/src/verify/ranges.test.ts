import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type NumberRange, subtract, unite } from "./ranges.js";

const anyRanges = fc.array(
  fc.record({ first: fc.integer({ min: 0, max: 40 }), span: fc.integer({ min: -1, max: 8 }) }),
  { maxLength: 10 },
);
const rangesOf = (given: { first: number; span: number }[]) =>
  given.map(({ first, span }) => ({ first, last: first + span }));
const numbersOf = (ranges: readonly NumberRange[]) =>
  ranges.flatMap(({ first, last }) => Array.from({ length: last - first + 1 }, (_, at) => first + at));
const sortedSet = (numbers: number[]) => [...new Set(numbers)].sort((a, b) => a - b);

function expectTidy(ranges: readonly NumberRange[]) {
  for (const [index, { first, last }] of ranges.entries()) {
    expect(last).toBeGreaterThanOrEqual(first);
    if (index > 0) expect(first).toBeGreaterThan(ranges[index - 1]!.last + 1);
  }
}

describe("ranges of numbers", () => {
  it("unite to what a set of the numbers holds", () => {
    fc.assert(
      fc.property(anyRanges, (given) => {
        const united = unite(rangesOf(given));
        expectTidy(united);
        expect(numbersOf(united)).toEqual(sortedSet(numbersOf(rangesOf(given))));
      }),
    );
  });

  it("are subtracted as sets are", () => {
    fc.assert(
      fc.property(anyRanges, anyRanges, (given, taken) => {
        const left = subtract(rangesOf(given), rangesOf(taken));
        const gone = new Set(numbersOf(rangesOf(taken)));
        expectTidy(left);
        expect(numbersOf(left)).toEqual(
          sortedSet(numbersOf(rangesOf(given))).filter((number) => !gone.has(number)),
        );
      }),
    );
  });
});
