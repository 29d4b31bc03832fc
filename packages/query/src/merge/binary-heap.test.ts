import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BinaryHeap } from "./binary-heap.js";

const ascending = (a: number, b: number) => a - b;

describe("BinaryHeap", () => {
  it("gives its elements in order", () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), (numbers) => {
        const heap = new BinaryHeap<number>(ascending);
        for (const number of numbers) heap.push(number);
        const popped = [];
        while (heap.size > 0) popped.push(heap.pop());
        expect(popped).toEqual(numbers.toSorted(ascending));
        expect(heap.pop()).toBeUndefined();
        expect(heap.top).toBeUndefined();
      }),
    );
  });

  it("keeps its order when the top is replaced or changes its rank", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20), { minLength: 1 }), fc.array(fc.nat(9)), (start, steps) => {
        const heap = new BinaryHeap<{ rank: number }>((a, b) => a.rank - b.rank);
        for (const rank of start) heap.push({ rank });
        const model = start.toSorted(ascending);
        for (const step of steps) {
          model[0]! += step;
          model.sort(ascending);
          if (step % 2 === 0) heap.replaceTop({ rank: heap.top!.rank + step });
          else {
            heap.top!.rank += step;
            heap.topChanged();
          }
          expect(heap.top!.rank).toBe(model[0]);
        }
        expect(
          heap
            .drain()
            .map(({ rank }) => rank)
            .sort(ascending),
        ).toEqual(model);
        expect(heap.size).toBe(0);
      }),
    );
  });
});
