import { describe, expect, it } from "vitest";
import { isHopeless } from "./hold-file.js";

describe("holding the entries of a file", () => {
  it.each([
    ["nothing is held", 0, 0.001, false],
    ["all is held that may be", 1_000, 1, false],
    ["more is held than may be", 1_001, 1, true],
    ["little is held, whatever there may come", 50, 0.0001, false],
    ["the rest will be far too much", 100, 0.04, true],
    ["the rest may just fit", 100, 0.06, false],
    ["a compressed file gives more bytes than it has", 900, 7, false],
  ])("when %s", (_state, heldBytes, readShare, hopeless) => {
    expect(isHopeless({ heldBytes, maxBytes: 1_000, readShare })).toBe(hopeless);
  });
});
