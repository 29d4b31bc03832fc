import { describe, expect, it } from "vitest";
import { indexWork } from "./index-work.js";

const bounds = { minIndexedBytes: 1_000, minIndexGrowthBytes: 8_000 };
const covering = (endOffset: number, isGrown: boolean) => ({ endOffset, isGrown });

describe("indexWork", () => {
  it.each([
    ["a closed segment without an index gets one", 1_000, true, "absent", "build"],
    ["a small one does not", 999, true, "absent", "skip"],
    ["a damaged index is built anew", 5_000, true, "damaged", "build"],
    ["so is one of another version", 5_000, true, "other version", "build"],
    ["so is one of another file", 5_000, true, "other file", "build"],
    ["so is one of a segment that was rewritten", 5_000, true, "rewritten", "build"],
    ["one that covers more than may be inflated stays as it is", 5_000, true, "too large", "skip"],
    ["one that fits is kept", 5_000, true, covering(5_000, false), "keep"],
    ["so is one of a small segment", 10, true, covering(10, false), "keep"],
    ["a growing segment gets one when it is large", 8_000, false, "absent", "build"],
    ["and not before", 7_999, false, "absent", "skip"],
    ["what was appended waits until it is worth it", 12_999, false, covering(5_000, true), "keep"],
    ["and is then indexed too", 13_000, false, covering(5_000, true), "extend"],
    ["at once if nothing more will come", 5_001, true, covering(5_000, true), "extend"],
  ] as const)("%s", (_, bytes, isClosed, index, work) => {
    expect(indexWork({ bytes, isClosed, isShared: false, index }, bounds)).toBe(work);
    expect(indexWork({ bytes, isClosed, isShared: true, index }, bounds)).toBe("skip");
  });
});
