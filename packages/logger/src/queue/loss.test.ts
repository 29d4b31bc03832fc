import { describe, expect, it } from "vitest";
import { joinLosses, type Loss } from "./loss.js";

const one: Loss = {
  count: 2,
  fromSequence: 3,
  toSequence: 4,
  reason: "queue_full",
  id: "id-4",
  timestamp: "t4",
};
const two: Loss = {
  count: 1,
  fromSequence: 5,
  toSequence: 5,
  reason: "queue_full",
  id: "id-5",
  timestamp: "t5",
};

describe("joinLosses", () => {
  it("spans both and takes the place of the later", () => {
    expect(joinLosses(one, two)).toEqual({
      count: 3,
      fromSequence: 3,
      toSequence: 5,
      reason: "queue_full",
      id: "id-5",
      timestamp: "t5",
    });
  });

  it("names every reason once", () => {
    const other = { ...two, reason: "EBADF" };
    expect(joinLosses(joinLosses(one, other), two)?.reason).toBe("queue_full, EBADF");
  });

  it("returns the one there is", () => {
    expect(joinLosses(one, undefined)).toBe(one);
    expect(joinLosses(undefined, two)).toBe(two);
    expect(joinLosses(undefined, undefined)).toBeUndefined();
  });
});
