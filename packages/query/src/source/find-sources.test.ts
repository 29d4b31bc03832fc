import type { Segment } from "@prodigy-events/storage";
import { describe, expect, it } from "vitest";
import { onceEach, sourceSegment } from "./find-sources.js";

const first = "events-20260101_120000_000-aaaaaaaaaa.jsonl";
const second = "events-20260101_120001_000-aaaaaaaaaa.jsonl";

function segment(logicalName: string, details: Partial<Segment> = {}): Segment {
  const { directory = "/store/events/repo/job" } = details;
  const path = `${directory}/${logicalName}`;
  return {
    ...{ path, directory, logicalName, kind: "own", state: "plain", isLink: false },
    ...{ bytes: 1, mtimeMs: 0, dev: 1, ino: 1 },
    ...details,
  };
}

const pathsOf = (...segments: Segment[]) =>
  onceEach(segments.map((each) => sourceSegment(each, "store"))).map(({ path }) => path);

describe("onceEach", () => {
  it("keeps two segments of ours of which one has got the inode of the other meanwhile", () => {
    expect(pathsOf(segment(second), segment(first))).toEqual([segment(first).path, segment(second).path]);
  });

  it("keeps one of two states of a segment", () => {
    const rotated = segment(first, { path: `${segment(first).path}.rotated`, state: "rotated", ino: 2 });
    expect(pathsOf(rotated, segment(first))).toEqual([segment(first).path]);
  });

  it("keeps one of a file and a link to it, whichever comes first", () => {
    for (const directory of ["/a", "/z"]) {
      const link = segment("link.jsonl", { kind: "foreign", isLink: true, directory });
      expect(pathsOf(link, segment(first))).toHaveLength(1);
    }
  });

  it("keeps one of a file that is reached by way of two directories", () => {
    expect(pathsOf(segment(first), segment(first, { directory: "/link/events/repo/job" }))).toHaveLength(1);
  });

  it("keeps one of a file of others that was renamed between two looks", () => {
    const before = segment("events.jsonl", { kind: "foreign" });
    const after = segment("events.old.jsonl", { kind: "foreign" });
    expect(pathsOf(before, after)).toHaveLength(1);
  });
});
