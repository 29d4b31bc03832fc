import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { limits } from "../limits.js";
import { SequenceSet } from "./sequence-set.js";

describe("SequenceSet", () => {
  it("knows what was added, in any order, as a Set does", () => {
    const sequences = fc.oneof(
      fc.array(fc.nat(60), { maxLength: 200 }),
      fc.shuffledSubarray(Array.from({ length: 60 }, (_, at) => at)),
    );
    fc.assert(
      fc.property(sequences, (numbers) => {
        const [set, model] = [new SequenceSet(), new Set<number>()];
        for (const number of numbers) {
          expect([number, set.add(number)]).toEqual([number, !model.has(number)]);
          model.add(number);
        }
        expect(set.last).toBe(Math.max(-1, ...numbers));
        const ranges = [...model].filter((number) => !model.has(number + 1)).length;
        expect(set.rangeCount).toBe(ranges);
        expect(set.isComplete).toBe(true);
        const held = set.ranges.flatMap(([first, last]) =>
          Array.from({ length: last - first + 1 }, (_, at) => first + at),
        );
        expect(held).toEqual([...model].sort((a, b) => a - b));
      }),
    );
  });

  it("holds a million numbers without a hole as one range, forward and backward", () => {
    const [forward, backward] = [new SequenceSet(), new SequenceSet()];
    for (let number = 0; number < 1_000_000; number++) {
      forward.add(number);
      backward.add(999_999 - number);
    }
    expect([forward.rangeCount, backward.rangeCount]).toEqual([1, 1]);
    expect([forward.add(500_000), backward.add(500_000)]).toEqual([false, false]);
  });

  it.each([
    ["forward", (at: number) => 2 * at],
    ["backward", (at: number) => 10_000_000 - 2 * at],
  ])(
    "forgets the oldest of too many ranges when read %s, and never a number that is new",
    (_direction, numberAt) => {
      const set = new SequenceSet();
      const count = limits.maxSequenceRanges + 100;
      for (let at = 0; at < count; at++) expect(set.add(numberAt(at))).toBe(true);
      expect(set.rangeCount).toBe(limits.maxSequenceRanges);
      expect(set.isComplete).toBe(false);
      expect(set.add(numberAt(count - 1))).toBe(false);
    },
  );

  it("can begin with all numbers up to one", () => {
    const set = new SequenceSet();
    set.addBelow(8, []);
    expect([set.add(0), set.add(7), set.add(8), set.last]).toEqual([false, false, true, 8]);
  });
});
