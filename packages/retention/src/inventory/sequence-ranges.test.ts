import fc from "fast-check";
import { expect, it } from "vitest";
import { SequenceRanges } from "./sequence-ranges.js";

const rangesOf = (numbers: readonly number[]) => {
  const ranges = new SequenceRanges();
  for (const number of numbers) ranges.add(number);
  return [...ranges];
};

it("holds what a producer counted without holes as one range", () => {
  expect(rangesOf([0, 1, 2, 3])).toEqual([{ first: 0, last: 3 }]);
  expect(rangesOf([3, 1, 0, 2])).toEqual([{ first: 0, last: 3 }]);
});

it("shows a hole", () => {
  expect(rangesOf([0, 1, 5, 6])).toEqual([
    { first: 0, last: 1 },
    { first: 5, last: 6 },
  ]);
});

it("is a set of numbers, whatever their order", () => {
  const numbers = fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 60 });
  fc.assert(
    fc.property(numbers, (added) => {
      const ranges = new SequenceRanges();
      const oracle = new Set<number>();
      for (const number of added) {
        expect(ranges.add(number)).toBe(!oracle.has(number));
        oracle.add(number);
      }
      for (let number = -1; number <= 31; number += 1) expect(ranges.has(number)).toBe(oracle.has(number));
      const spelledOut = [...ranges].flatMap(({ first, last }) =>
        Array.from({ length: last - first + 1 }, (_, index) => first + index),
      );
      expect(spelledOut).toEqual([...oracle].sort((a, b) => a - b));
      for (const [index, { first }] of [...ranges].entries()) {
        if (index > 0) expect(first).toBeGreaterThan([...ranges][index - 1]!.last + 1);
      }
    }),
  );
});
