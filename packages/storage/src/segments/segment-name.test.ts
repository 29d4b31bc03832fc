import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatAsideName, formatSegmentName, parseSegmentName } from "./segment-name.js";

const own = "events-20261122_063000_123-k3f9a1c2.jsonl";
const createdAtMs = Date.UTC(2026, 10, 22, 6, 30, 0, 123);

describe("parseSegmentName", () => {
  it.each([
    [own, "plain"],
    [`${own}.rotated`, "rotated"],
    [`${own}.rotated.gz`, "compressed"],
    [`${own}.gz`, "compressed"],
    [`${own}.zst`, "compressed"],
    [`${own}.rotated.zst`, "compressed"],
    [`${own}.bak`, "backup"],
  ])("knows %s as ours, %s", (fileName, state) => {
    expect(parseSegmentName(fileName)).toEqual({
      logicalName: own,
      state,
      kind: "own",
      createdAtMs,
      producerId: "k3f9a1c2",
    });
  });

  it.each([
    ["events-shared.jsonl", "events-shared.jsonl", "plain"],
    ["mapreduce_events.jsonl", "mapreduce_events.jsonl", "plain"],
    ["events-shared-20261122_063000_123.jsonl.rotated", "events-shared-20261122_063000_123.jsonl", "rotated"],
    [
      "mapreduce_events-20261122_063000_123.jsonl.rotated.gz",
      "mapreduce_events-20261122_063000_123.jsonl",
      "compressed",
    ],
  ])("knows %s as shared", (fileName, logicalName, state) => {
    expect(parseSegmentName(fileName)).toEqual({ logicalName, state, kind: "shared" });
  });

  it.each([
    ["events-20240101_120000.jsonl", "plain", undefined],
    ["events-20240101_120000.20240101_130000.jsonl.gz", "compressed", undefined],
    ["events-20240101_120000.jsonl.rotated", "rotated", undefined],
    ["events-20240101_120000.jsonl.bak", "backup", "events-20240101_120000.jsonl"],
    ["events-20240101_120000.jsonl.gz.bak", "backup", "events-20240101_120000.jsonl.gz"],
    ["events.jsonl.zst", "compressed", undefined],
    ["a.jsonl.b.jsonl", "plain", undefined],
    ["events-20260230_000000_000-k3f9a1c2.jsonl", "plain", undefined],
    ["events-20261122_063000_123-K3F9A1C2.jsonl", "plain", undefined],
    ["events-20261122_063000_123-abc.jsonl", "plain", undefined],
    ["events-shared-2026.jsonl", "plain", undefined],
    ["events-20261122_063000_123-k3f9a1c2.part-0.jsonl", "plain", undefined],
    ["events-20260230_000000_000-k3f9a1c2.part-0123456789abcdef.jsonl", "plain", undefined],
    ["ünï\n.jsonl", "plain", undefined],
  ])("takes %j as foreign, %s", (fileName, state, logicalName = fileName) => {
    expect(parseSegmentName(fileName)).toEqual({ logicalName, state, kind: "foreign" });
  });

  it.each([
    `${own.replace(".jsonl", ".part-0123456789abcdef.jsonl")}.rotated.gz`,
    own.replace(".jsonl", ".part-0123456789abcdef.part-fedcba9876543210.jsonl"),
  ])("knows %s as a part of ours, which is a segment by itself", (fileName) => {
    const partOf = { createdAtMs, producerId: "k3f9a1c2" };
    expect(parseSegmentName(fileName)).toMatchObject({ kind: "foreign", logicalName: fileName, partOf });
  });

  it.each([
    "events.json",
    "events.jsonl.tmp",
    "events.jsonl2",
    "events.gz",
    ".jsonl",
    ".hidden.jsonl",
    `.${own}.rotated.gz.0123456789ab.tmp`,
    ".manifest",
    "",
  ])("leaves %j alone", (fileName) => {
    expect(parseSegmentName(fileName)).toBeUndefined();
  });
});

describe("formatSegmentName", () => {
  it("writes the time in UTC to the millisecond", () => {
    expect(formatSegmentName(createdAtMs, "k3f9a1c2")).toBe(own);
  });

  it("is the inverse of parsing", () => {
    const time = fc.integer({ min: Date.UTC(0, 0, 1), max: Date.UTC(9999, 11, 31) });
    const id = fc.string({ unit: fc.constantFrom(..."abcz019"), minLength: 4, maxLength: 64 });
    fc.assert(
      fc.property(time, id, (ms, producerId) => {
        expect(parseSegmentName(formatSegmentName(ms, producerId))).toMatchObject({
          createdAtMs: ms,
          producerId,
        });
      }),
    );
  });

  it("sorts by time as text", () => {
    const time = fc.integer({ min: 0, max: Date.UTC(9999, 0, 1) });
    fc.assert(
      fc.property(time, time, (a, b) => {
        const [first, second] = [formatSegmentName(a, "aaaa"), formatSegmentName(b, "aaaa")];
        expect(first < second).toBe(a < b);
      }),
    );
  });

  it.each(["", "abc", "ABCD", "a/b/c", "../../x", "a-b-c", "x".repeat(65)])(
    "refuses the producer id %j",
    (id) => {
      expect(() => formatSegmentName(createdAtMs, id)).toThrow(
        expect.objectContaining({ code: "INVALID_NAME" }),
      );
    },
  );

  it.each([Number.NaN, Number.POSITIVE_INFINITY, 9e15, Date.UTC(10_000, 0, 1), -1e15])(
    "refuses the time %d",
    (ms) => {
      expect(() => formatSegmentName(ms, "k3f9a1c2")).toThrow(
        expect.objectContaining({ code: "INVALID_NAME" }),
      );
    },
  );
});

describe("formatAsideName", () => {
  it.each([
    ["events-shared.jsonl", "events-shared-20261122_063000_123.jsonl"],
    ["mapreduce_events.jsonl", "mapreduce_events-20261122_063000_123.jsonl"],
    ["events-shared-20250101_000000_000.jsonl", "events-shared-20261122_063000_123.jsonl"],
  ])("of %s is a shared segment of its own", (name, expected) => {
    expect(formatAsideName(name, createdAtMs)).toBe(expected);
    expect(parseSegmentName(expected)).toMatchObject({ kind: "shared", logicalName: expected });
  });
});
