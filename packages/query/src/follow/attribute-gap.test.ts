import { describe, expect, it } from "vitest";
import { attributeGap } from "./attribute-gap.js";
import type { Gap } from "./follow-input.js";
import type { Removal } from "./removals.js";

const gap = (
  fromSequence: number | undefined,
  toSequence: number | undefined,
  path = "/job/b.jsonl",
): Gap => ({
  ...{ reason: "missing", producerId: "prod1", fromSequence, toSequence, path },
});
const removal = (
  segment: string,
  first: number,
  last: number,
  archive?: string,
  producerId = "prod1",
): Removal => ({
  ...{ segment, at: "2026-01-01T00:00:00.000Z", ranges: [{ producerId, first, last }], archive },
});
const parts = (whole: Gap, ...removals: Removal[]) =>
  attributeGap(whole, removals).map(({ reason, fromSequence, toSequence, removedBy, archive }) => [
    reason,
    fromSequence,
    toSequence,
    ...(removedBy === undefined ? [] : [archive]),
  ]);

describe("attributeGap", () => {
  it("leaves a gap as it is that clean has no part in", () => {
    expect(parts(gap(3, 9))).toEqual([["missing", 3, 9]]);
    expect(parts(gap(3, 9), removal("a.jsonl", 0, 2, "/x"), removal("c.jsonl", 10, 20, "/x"))).toEqual([
      ["missing", 3, 9],
    ]);
    expect(parts(gap(3, 9), removal("a.jsonl", 3, 9, "/x", "prod2"))).toEqual([["missing", 3, 9]]);
  });

  it("says of each part which archive it is in, or that there is none, and what is missing in between", () => {
    const removals = [
      removal("c.jsonl", 8, 12),
      removal("a.jsonl", 0, 4, "/a"),
      removal("b.jsonl", 5, 6, "/b"),
    ];
    expect(parts(gap(3, 9), ...removals)).toEqual([
      ["removed", 3, 4, "/a"],
      ["removed", 5, 6, "/b"],
      ["missing", 7, 7],
      ["removed", 8, 9, undefined],
    ]);
  });

  it("names each number once, although it was removed twice", () => {
    expect(parts(gap(3, 9), removal("a.jsonl", 3, 6, "/a"), removal("a.jsonl", 3, 8, "/b"))).toEqual([
      ["removed", 3, 6, "/a"],
      ["removed", 7, 8, "/b"],
      ["missing", 9, 9],
    ]);
  });

  it("finds the end of a gap that had none in what clean says of the segment", () => {
    const path = "/job/events-20260101_000000_000-prod1.jsonl.rotated";
    const segment = "events-20260101_000000_000-prod1.jsonl";
    expect(parts(gap(3, undefined, path), removal(segment, 0, 7, "/a"))).toEqual([["removed", 3, 7, "/a"]]);
    expect(parts(gap(3, undefined, path), removal("other.jsonl", 0, 7, "/a"))).toEqual([
      ["missing", 3, undefined],
    ]);
  });

  it("knows a file without numbers by its name", () => {
    const file: Gap = { ...gap(undefined, undefined, "/job/events-shared.jsonl"), producerId: undefined };
    expect(attributeGap(file, [removal("events-shared.jsonl", 0, 0, "/a")])).toEqual([
      { ...file, reason: "removed", removedBy: "clean", archive: "/a" },
    ]);
    expect(attributeGap(file, [])).toEqual([file]);
  });
});
