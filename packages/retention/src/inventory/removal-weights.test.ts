import { describe, expect, it } from "vitest";
import {
  bytesFreedWithLast,
  goesWhole,
  isCutByLine,
  removableBytes,
  storedBytesInScope,
} from "./removal-weights.js";
import type { SurveyedSegment } from "./survey-segment.js";

const fileOf = (bytes: number) => ({ path: "/x", dev: 1, ino: 1, bytes, mtimeMs: 0 });

/** 10 records in 1000 bytes, 950 of them in lines of records, all of which are wanted. */
const segment = (overrides: Partial<SurveyedSegment> = {}): SurveyedSegment => ({
  segment: {} as never,
  files: [fileOf(1000)],
  protection: undefined,
  wholeOnly: undefined,
  encoding: "plain",
  bytes: 1000,
  records: 10,
  malformed: 0,
  wanted: { records: 10, bytes: 950, ranges: [] },
  distinct: 10,
  oldest: undefined,
  newest: undefined,
  ...overrides,
});

const some = { records: 4, bytes: 400, ranges: [] };
const none = { records: 0, bytes: 0, ranges: [] };

describe("a segment", () => {
  it("is cut by line when it is one plain file", () => {
    expect(isCutByLine(segment())).toBe(true);
    expect(isCutByLine(segment({ encoding: "gzip" }))).toBe(false);
    expect(isCutByLine(segment({ files: [fileOf(1000), fileOf(90)] }))).toBe(false);
    expect(isCutByLine(segment({ wholeOnly: "producer-alive" }))).toBe(false);
  });

  it("goes whole when nothing else is in it than wanted records", () => {
    expect(goesWhole(segment())).toBe(true);
    expect(goesWhole(segment({ wanted: some }))).toBe(false);
    expect(goesWhole(segment({ malformed: 1 }))).toBe(false);
  });
});

describe("the bytes that belong to the scope", () => {
  it.each<[string, number, Partial<SurveyedSegment>]>([
    ["are all that its files take when all records are wanted", 1090, { files: [fileOf(1000), fileOf(90)] }],
    ["are those of the wanted lines of a plain file", 400, { wanted: some }],
    [
      "are their share of a compressed one, rounded up",
      41,
      { wanted: some, encoding: "gzip", files: [fileOf(101)] },
    ],
    [
      "are all of one that could not be read to its end, so that its share is not known",
      101,
      { wanted: some, encoding: "gzip", files: [fileOf(101)], bytes: 0 },
    ],
  ])("%s", (_, expected, overrides) => {
    expect(storedBytesInScope(segment(overrides))).toBe(expected);
  });
});

describe("the bytes that become free", () => {
  it.each<[string, number, number, Partial<SurveyedSegment>]>([
    ["are those of each line of a plain file, and with the last one its blank lines", 50, 1000, {}],
    ["leave blank lines in a plain file that keeps other records", 0, 400, { wanted: some }],
    ["leave blank lines in a plain file that keeps lines which are no records", 0, 950, { malformed: 1 }],
    ["are none of a plain file without wanted records", 0, 0, { records: 0, wanted: none }],
    ["are all that a compressed file takes", 300, 300, { encoding: "gzip", files: [fileOf(300)] }],
    ["are all that two files of one segment take", 1300, 1300, { files: [fileOf(1000), fileOf(300)] }],
    ["are all or none of one that may not be cut: all", 1000, 1000, { wholeOnly: "producer-alive" }],
    [
      "are all or none of one that may not be cut: none",
      0,
      0,
      { wholeOnly: "producer-alive", encoding: "gzip", files: [fileOf(900_000)], wanted: some },
    ],
    [
      "are none of a compressed file without wanted records",
      0,
      0,
      { encoding: "gzip", records: 0, wanted: none },
    ],
    [
      "are none when the rest might take as much as the whole does now",
      0,
      0,
      { encoding: "gzip", files: [fileOf(300)], wanted: some },
    ],
  ])("%s", (_, withLast, withAll, overrides) => {
    expect(bytesFreedWithLast(segment(overrides))).toBe(withLast);
    expect(removableBytes(segment(overrides))).toBe(withAll);
  });

  it.each([
    // What zlib's deflateBound gives for the rest, without its constant, and 64 bytes for each member.
    [100, 100 + 1 + 1 + 1 + 128],
    [100_000, 100_000 + 25 + 7 + 1 + 128],
    [3 * 1_048_576, 3 * 1_048_576 + 768 + 192 + 1 + 8 * 64],
    [100_663_296, 100_663_296 + 24_576 + 6_144 + 3 + 194 * 64],
  ])(
    "are, of a compressed file that keeps %i bytes, those that even an incompressible rest leaves",
    (rest, most) => {
      const files = [fileOf(200_000_000)];
      const bytes = rest + some.bytes;
      const freed = bytesFreedWithLast(segment({ encoding: "gzip", files, bytes, wanted: some }));
      expect(freed).toBe(200_000_000 - most);
    },
  );
});
