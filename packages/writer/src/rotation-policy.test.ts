import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decideRotation } from "./rotation-policy.js";

const sizeOnly = { maxSegmentBytes: 1_000, maxSegmentAgeMs: undefined };

describe("decideRotation", () => {
  it.each([
    { segmentBytes: 0, batchBytes: 5_000, expected: "stay" },
    { segmentBytes: 1, batchBytes: 999, expected: "stay" },
    { segmentBytes: 1, batchBytes: 1_000, expected: "size" },
    { segmentBytes: 1_000, batchBytes: 1, expected: "size" },
    { segmentBytes: 2_000, batchBytes: 1, expected: "size" },
  ])("answers $expected for $batchBytes bytes behind $segmentBytes of at most 1000", (given) => {
    expect(decideRotation({ ...given, segmentAgeMs: 1e9 }, sizeOnly)).toBe(given.expected);
  });

  it.each([
    { segmentAgeMs: 59_999, expected: "stay" },
    { segmentAgeMs: 60_000, expected: "age" },
  ])("answers $expected for a segment of $segmentAgeMs ms when it may be a minute old", (given) => {
    const limits = { maxSegmentBytes: 1_000, maxSegmentAgeMs: 60_000 };
    expect(decideRotation({ ...given, segmentBytes: 1, batchBytes: 1 }, limits)).toBe(given.expected);
  });

  it("keeps an empty segment however old it is", () => {
    const limits = { maxSegmentBytes: 1_000, maxSegmentAgeMs: 1 };
    expect(decideRotation({ segmentBytes: 0, segmentAgeMs: 100, batchBytes: 1 }, limits)).toBe("stay");
  });

  it("never lets a segment of more than one batch pass its limit", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 2_000 }), { minLength: 1 }), (batches) => {
        const segments = [[] as number[]];
        for (const batchBytes of batches) {
          const segmentBytes = sum(segments.at(-1) ?? []);
          const decision = decideRotation({ segmentBytes, segmentAgeMs: 0, batchBytes }, sizeOnly);
          if (decision !== "stay") segments.push([]);
          segments.at(-1)?.push(batchBytes);
        }
        for (const segment of segments) {
          expect(segment.length).toBeGreaterThan(0);
          if (segment.length > 1) expect(sum(segment)).toBeLessThanOrEqual(1_000);
        }
        expect(segments.flat()).toEqual(batches);
      }),
    );
  });
});

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
