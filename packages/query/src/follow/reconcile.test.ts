import type { Segment } from "@prodigy-events/storage";
import { describe, expect, it } from "vitest";
import type { SourceSegment } from "../source/source-segment.js";
import { keyOf, reconcile } from "./reconcile.js";

function source(name: string, ino: number, other: Partial<Segment> = {}): SourceSegment {
  const logicalName = name.replace(/\.bak$/, "");
  const state = name.endsWith(".gz") ? "compressed" : "plain";
  const file = { bytes: 1, mtimeMs: 0, dev: 1, ino, isLink: false };
  const segment: Segment = {
    path: `/job/${name}`,
    directory: "/job",
    logicalName,
    state,
    kind: "foreign",
    ...file,
    ...other,
  };
  return { segment, origin: "store", path: segment.path, jobId: undefined, repo: undefined };
}
const own = (name: string, ino: number) =>
  source(name, ino, { kind: "own", logicalName: name.replace(/\.rotated.*$/, ""), producerId: "prod1" });
const shared = (name: string, ino: number) =>
  source(name, ino, { kind: "shared", logicalName: name.replace(/\.gz$/, "") });

/** What became of what was known, in few words. */
function changes(known: SourceSegment[], found: SourceSegment[]): string[] {
  const map = new Map(known.map((each) => [keyOf(each), each]));
  return reconcile(map, found)
    .map((change) => {
      const from = "key" in change ? change.key.replace("/job/", "") : "";
      const to = "source" in change ? change.source.segment.path.replace("/job/", "") : "";
      return [change.kind, from, to].filter((text) => text !== "").join(" ");
    })
    .sort();
}

describe("reconcile", () => {
  it.each<[string, SourceSegment[], SourceSegment[], string[]]>([
    ["nothing", [], [], []],
    ["a segment that is still there", [own("a", 1)], [own("a", 1)], ["continued a a"]],
    ["a new one", [own("a", 1)], [own("a", 1), own("b", 2)], ["continued a a", "new b"]],
    ["one of ours that was rotated", [own("a", 1)], [own("a.rotated", 1)], ["continued a a.rotated"]],
    [
      "one of ours that was compressed",
      [own("a", 1)],
      [own("a.rotated.gz", 7)],
      ["continued a a.rotated.gz"],
    ],
    ["one of ours that was removed", [own("a", 1)], [], ["gone a"]],
    [
      "one of ours whose inode another one has taken",
      [own("a", 1)],
      [own("a.rotated.gz", 7), own("b", 1)],
      ["continued a a.rotated.gz", "new b"],
    ],
    ["a shared file that was replaced", [shared("s", 1)], [shared("s", 2)], ["replaced s s"]],
    [
      "a shared file that was set aside",
      [shared("s", 1)],
      [shared("s-1", 1), shared("s", 2)],
      ["continued s s-1", "new s"],
    ],
    ["a shared file that was compressed", [shared("s", 1)], [shared("s.gz", 2)], ["continued s s.gz"]],
    [
      "a file that Prodigy rotated",
      [source("e.jsonl", 1)],
      [source("e.jsonl", 2), source("e.1.jsonl.gz", 1)],
      ["continued e.jsonl e.1.jsonl.gz", "new e.jsonl"],
    ],
    [
      "a file that gzip compressed",
      [source("e.jsonl", 1)],
      [source("e.jsonl.gz", 9)],
      ["continued e.jsonl e.jsonl.gz"],
    ],
    [
      "a compressed file beside its source",
      [source("e.jsonl", 1)],
      [source("e.jsonl", 1), source("e.jsonl.gz", 9)],
      ["continued e.jsonl e.jsonl", "new e.jsonl.gz"],
    ],
  ])("sees %s", (_what, known, found, expected) => {
    expect(changes(known, found)).toEqual(expected);
  });
});
