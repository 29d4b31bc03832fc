import { parseSegmentName } from "@prodigy-events/storage";
import { describe, expect, it } from "vitest";
import { archiveNames, isArchiveOf } from "./archive-names.js";

const sha256 = "0123456789abcdef".repeat(4);

describe("the name of an archive copy", () => {
  it.each([
    ["events-20260101_000000_000-k3f9.jsonl", "events-20260101_000000_000-k3f9.jsonl.rotated.gz"],
    ["events-20260101_000000_000-k3f9.jsonl.rotated", "events-20260101_000000_000-k3f9.jsonl.rotated.gz"],
    ["events-20260101_000000_000-k3f9.jsonl.rotated.gz", "events-20260101_000000_000-k3f9.jsonl.rotated.gz"],
    ["events-A.B.jsonl.gz.bak", "events-A.B.jsonl.rotated.gz"],
    ["events-shared-20260101_000000_005.jsonl.rotated", "events-shared-20260101_000000_005.jsonl.rotated.gz"],
    ["notes.log", "notes.log.jsonl.rotated.gz"],
  ])("is, for all of %s, %s", (fileName, expected) => {
    expect(archiveNames(fileName, sha256, true)[0]).toBe(expected);
  });

  it("tells parts of a segment apart by their content", () => {
    expect(archiveNames("events-20260101_000000_000-k3f9.jsonl", sha256, false)).toEqual([
      "events-20260101_000000_000-k3f9.part-0123456789abcdef.jsonl.rotated.gz",
    ]);
  });

  it.each([
    ["events-shared-20260101_000000_005.jsonl.rotated", "events-shared-20260101_000000_006.jsonl.rotated.gz"],
    [
      "mapreduce_events-20260101_000000_999.jsonl.rotated",
      "mapreduce_events-20260101_000001_000.jsonl.rotated.gz",
    ],
    ["mapreduce_events.jsonl.gz", "mapreduce_events-19700101_000000_001.jsonl.rotated.gz"],
  ])("is, for a part of %s, that of a shared file which was set aside: %s", (fileName, expected) => {
    const names = archiveNames(fileName, sha256, false);
    expect(names[0]).toBe(expected);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names)
      expect(parseSegmentName(name)).toMatchObject({ kind: "shared", state: "compressed" });
  });

  it("is never that of a shared file in its place, which appenders may have made anew", () => {
    for (const fileName of ["events-shared.jsonl", "events-shared.jsonl.bak", "mapreduce_events.jsonl"]) {
      const names = archiveNames(fileName, sha256, true);
      expect(names).toEqual(archiveNames(fileName, sha256, false));
      expect(names).not.toContain(`${fileName.replace(".bak", "")}.rotated.gz`);
    }
  });
});

describe("a name in the archive", () => {
  const sources = [
    "events-20260101_000000_000-k3f9.jsonl",
    "events-20260101_000000_000-m7q2.jsonl.rotated.gz",
    "events-shared-20260101_000000_000.jsonl.rotated",
    "events-shared-20270101_000000_000.jsonl.rotated",
    "mapreduce_events-20260101_000000_000.jsonl.rotated",
    "events-A.jsonl",
  ];
  it.each(sources)("is recognised as a copy of %s and of no other", (source) => {
    const names = [...archiveNames(source, sha256, true), ...archiveNames(source, sha256, false)];
    for (const name of names) {
      expect(sources.filter((other) => isArchiveOf(other, name))).toEqual([source]);
    }
  });
  it("is not one of a segment when it is not compressed", () => {
    expect(isArchiveOf("events-A.jsonl", "events-A.jsonl")).toBe(false);
    expect(isArchiveOf("events-A.jsonl", "events-A.part-0123456789abcdef.jsonl.rotated")).toBe(false);
  });
  it("is not one of a shared file when it is that of a shared file in its place", () => {
    expect(isArchiveOf("mapreduce_events.jsonl", "mapreduce_events.jsonl.rotated.gz")).toBe(false);
  });
});
