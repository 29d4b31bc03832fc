import { describe, expect, it } from "vitest";
import { reachInto } from "./measure-segment.js";
import { keyAfter, type RecordKey } from "./record-key.js";
import type { SurveyedSegment } from "./survey-segment.js";

const keyAt = (instant: bigint): RecordKey => ({
  ...{ instant, producerId: "a", sequence: Number(instant), path: "/x", offset: 0 },
});

/** Of records at the instants 3 to 7. */
const segment = { oldest: keyAt(3n), newest: keyAt(7n), encoding: "plain", files: [{}] } as SurveyedSegment;

describe("how far limits reach into a segment", () => {
  it("is not at all when they cut at its oldest record, and its oldest record when they cut behind that", () => {
    expect(reachInto(segment, { maxEvents: keyAt(3n) })).toEqual({ limits: [], keepFrom: undefined });
    const keepFrom = keyAfter(keyAt(3n));
    expect(reachInto(segment, { maxEvents: keepFrom })).toEqual({ limits: ["maxEvents"], keepFrom });
  });

  it("is as far as the one that reaches furthest, and names all that reach into it", () => {
    const cuts = { olderThanMs: keyAt(5n), maxEvents: keyAt(6n), maxBytes: keyAt(2n) };
    expect(reachInto(segment, cuts)).toEqual({ limits: ["olderThanMs", "maxEvents"], keepFrom: keyAt(6n) });
    expect(reachInto(segment, { ...cuts, maxBytes: keyAt(7n) })).toEqual({
      limits: ["olderThanMs", "maxEvents", "maxBytes"],
      keepFrom: keyAt(7n),
    });
  });

  it("is, for the size of a compressed one, all or nothing", () => {
    const compressed = { ...segment, encoding: "gzip" } as SurveyedSegment;
    expect(reachInto(compressed, { maxBytes: keyAt(7n) }).limits).toEqual([]);
    expect(reachInto(compressed, { maxBytes: keyAfter(keyAt(7n)) }).limits).toEqual(["maxBytes"]);
    expect(reachInto(compressed, { maxEvents: keyAt(4n) }).limits).toEqual(["maxEvents"]);
  });

  it("is not at all where there is no record", () => {
    const empty = { ...segment, oldest: undefined, newest: undefined };
    expect(reachInto(empty, { maxEvents: keyAt(9n) })).toEqual({ limits: [], keepFrom: undefined });
  });
});
