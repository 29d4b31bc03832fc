import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Entry } from "../read/match.js";
import { NewestHeap } from "./newest-heap.js";
import { compareRanksBackward } from "./order.js";

describe("NewestHeap", () => {
  it("keeps the newest of all that were offered, newest first", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(30)), fc.nat(10), (times, capacity) => {
        const entries = times.map(
          (ms, offset) => ({ ms, nanos: 0, producer: "", sequence: -1, file: 0, offset }) as Entry,
        );
        const heap = new NewestHeap(capacity);
        for (const entry of entries) heap.offer(entry);
        expect(heap.drain()).toEqual(entries.toSorted(compareRanksBackward).slice(0, capacity));
        expect(heap.drain()).toEqual([]);
      }),
    );
  });
});
