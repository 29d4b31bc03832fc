import { describe, expect, it } from "vitest";
import type { Durability } from "./durability.js";
import { normalizeSegmentWriterOptions } from "./segment-writer-options.js";

describe("normalizeSegmentWriterOptions", () => {
  it("rotates at 100,000,000 bytes, compresses and syncs unless told otherwise", () => {
    expect(normalizeSegmentWriterOptions({})).toEqual({
      maxSegmentBytes: 100_000_000,
      maxSegmentAgeMs: undefined,
      compress: true,
      durability: "fsync",
      required: true,
    });
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])("refuses %s as a size or an age", (value) => {
    expect(() => normalizeSegmentWriterOptions({ maxSegmentBytes: value })).toThrow(/maxSegmentBytes is/);
    expect(() => normalizeSegmentWriterOptions({ maxSegmentAgeMs: value })).toThrow(/maxSegmentAgeMs is/);
  });

  it("refuses a durability it does not know", () => {
    expect(() => normalizeSegmentWriterOptions({ durability: "sync" as Durability })).toThrow(
      /"fsync" or "flush"/,
    );
  });
});
