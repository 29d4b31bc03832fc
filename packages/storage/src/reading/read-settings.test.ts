import { describe, expect, it } from "vitest";
import { readSettings } from "./read-settings.js";

const onProblem = () => undefined;

describe("readSettings", () => {
  it.each([
    ["startOffset", 0],
    ["endOffset", 0],
    ["chunkBytes", 1],
    ["maxLineBytes", 1],
    ["maxInflatedBytes", 0],
  ] as const)("takes whole numbers for %s from %d on, and names it with any other", (name, least) => {
    expect(readSettings({ onProblem, [name]: least })[name]).toBe(least);
    for (const value of [least - 1, 1.5, Number.NaN, -1]) {
      const message = `${name} is ${value}; it must be a whole number, at least ${least}`;
      expect(() => readSettings({ onProblem, [name]: value })).toThrow(new RangeError(message));
    }
  });

  it("reads to wherever the content ends, unless it is told otherwise", () => {
    expect(readSettings({ onProblem }).endOffset).toBe(Number.POSITIVE_INFINITY);
    expect(readSettings({ onProblem, endOffset: Number.POSITIVE_INFINITY }).endOffset).toBe(
      Number.POSITIVE_INFINITY,
    );
    expect(() => readSettings({ onProblem, startOffset: Number.POSITIVE_INFINITY })).toThrow(RangeError);
  });
});
