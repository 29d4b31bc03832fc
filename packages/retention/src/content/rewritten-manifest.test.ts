import type { Checksums, RemovedRange } from "@prodigy-events/storage";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addRemovedRanges, type RewrittenManifest, removedBefore } from "./rewritten-manifest.js";

/** Marks which of `count` one-line bytes are taken out, and gives the ranges of those marked. */
function rangesOf(isRemoved: readonly boolean[]): RemovedRange[] {
  const ranges: RemovedRange[] = [];
  for (const [offset, removed] of isRemoved.entries()) {
    if (!removed) continue;
    const last = ranges.at(-1);
    if (last !== undefined && last.offset + last.length === offset) {
      last.length += 1;
      last.lines += 1;
    } else ranges.push({ offset, length: 1, lines: 1 });
  }
  return ranges;
}

describe("ranges taken out of a content one after the other", () => {
  it("are those that would have been taken out of the original at once", () => {
    const marks = fc.array(fc.constantFrom("first", "second", "never"), { maxLength: 40 });
    fc.assert(
      fc.property(marks, (when) => {
        const before = rangesOf(when.map((each) => each === "first"));
        const now = rangesOf(when.filter((each) => each !== "first").map((each) => each === "second"));
        expect(addRemovedRanges(before, now)).toEqual(rangesOf(when.map((each) => each !== "never")));
      }),
    );
  });
});

describe("what was taken out before", () => {
  const sums = (bytes: number, sha256: string): Checksums => ({
    bytes,
    lines: 1,
    sha256,
    blockBytes: 1,
    blockCrc32: [],
  });
  const removed = [{ offset: 0, length: 5, lines: 1 }];
  const manifest: RewrittenManifest = {
    ...{ version: 1, segment: "x.jsonl", producerId: "aaaa", firstSequence: 0, lastSequence: 0 },
    ...{ createdAt: "", closedAt: "" },
    ...sums(10, "new"),
    removed,
    supersedes: { bytes: 15, sha256: "old", removed: [] },
  };

  it("is what the manifest lists when it describes the content", () => {
    expect(removedBefore(manifest, sums(10, "new"))).toEqual(removed);
  });
  it("is what had been taken out of the content that the manifest supersedes, when that is still in place", () => {
    expect(removedBefore(manifest, sums(15, "old"))).toEqual([]);
  });
  it("is unknown for a content that the manifest does not describe", () => {
    expect(removedBefore(manifest, sums(10, "old"))).toBeUndefined();
    expect(removedBefore({ ...manifest, supersedes: undefined } as never, sums(15, "old"))).toBeUndefined();
  });
});
