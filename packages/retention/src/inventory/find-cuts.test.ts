import { nodeFileSystem } from "@prodigy-events/storage";
import { faultyFileSystem } from "@prodigy-events/test-kit";
import { describe, expect, it } from "vitest";
import { CopyIndex } from "./copy-index.js";
import { findCuts, type Survey } from "./find-cuts.js";
import { compareKeys, firstKeyAt, keyAfter, type RecordKey } from "./record-key.js";
import type { SurveyedSegment } from "./survey-segment.js";

const keyAt = (instant: bigint, path: string): RecordKey => ({
  ...{ instant, path, producerId: "", sequence: -1, offset: 0 },
});

/** A segment of 10 records in 1000 bytes that is known by its survey alone: there is no such file. */
const segment = (
  path: string,
  newest: bigint,
  overrides: Partial<SurveyedSegment> = {},
): SurveyedSegment => ({
  segment: { path, directory: "/nowhere", logicalName: path } as never,
  files: [{ path, dev: 1, ino: 1, bytes: 1000, mtimeMs: 0 }],
  protection: undefined,
  wholeOnly: undefined,
  encoding: "plain",
  bytes: 1000,
  records: 10,
  malformed: 0,
  wanted: { records: 10, bytes: 1000, ranges: [] },
  distinct: 10,
  oldest: keyAt(0n, path),
  newest: keyAt(newest, path),
  ...overrides,
});

const survey = (...segments: SurveyedSegment[]): Survey => ({
  ...{ nowMs: 5000, segments, copies: new CopyIndex(), jobIds: undefined },
});

describe("without reading anything again", () => {
  const disk = faultyFileSystem(nodeFileSystem);
  const context = { fs: disk.fs, signal: undefined };

  it("a limit of age cuts at its instant, to the nanosecond, and no other limit cuts", async () => {
    const cuts = await findCuts({ olderThanMs: 1000.000_001 }, survey(segment("/a", 9n)), context);
    expect(cuts).toStrictEqual({ olderThanMs: firstKeyAt(3_999_999_999n) });
    expect(disk.calls).toEqual([]);
  });

  it("what is within its limits is not cut, to the record and to the byte", async () => {
    const within = survey(segment("/a", 9n), segment("/b", 9n));
    expect(await findCuts({ maxEvents: 20, maxBytes: 2000 }, within, context)).toStrictEqual({});
    expect(disk.calls).toEqual([]);
  });

  it("what cannot be read to its end counts for no record, but for its bytes", async () => {
    const unreadable = segment("/b", 9n, { protection: "unreadable" });
    const both = survey(segment("/a", 9n), unreadable);
    expect(await findCuts({ maxEvents: 10 }, both, context)).toStrictEqual({});
    // More than all that may go: the cut comes after the newest record of all.
    expect(await findCuts({ maxBytes: 999 }, both, context)).toStrictEqual({
      maxBytes: keyAfter(keyAt(9n, "/b")),
    });
    expect(disk.calls).toEqual([]);
  });

  it.each([[["/a", "/b", "/c"]], [["/c", "/b", "/a"]], [["/b", "/c", "/a"]]])(
    "the cut comes after the newest record when all is not enough, found in the order %j",
    async (paths) => {
      const instants: Record<string, bigint> = { "/a": 7n, "/b": 8n, "/c": 9n };
      const segments = paths.map((path) => segment(path, instants[path]!, { protection: "producer-alive" }));
      const empty = segment("/z", 0n, { oldest: undefined, newest: undefined, records: 0 });
      const { maxBytes } = await findCuts({ maxBytes: 1 }, survey(empty, ...segments, empty), context);
      expect(compareKeys(maxBytes!, keyAfter(keyAt(9n, "/c")))).toBe(0);
    },
  );

  it("nothing is cut for its size where there is no record", async () => {
    const empty = segment("/z", 0n, { oldest: undefined, newest: undefined, records: 0 });
    expect(await findCuts({ maxBytes: 1 }, survey(empty), context)).toStrictEqual({});
  });
});
