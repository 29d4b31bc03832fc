import { describe, expect, it } from "vitest";
import { byteOrderMarkLength } from "./raw-line.js";

describe("byteOrderMarkLength", () => {
  it("is that of the three bytes, all of which have to be there", () => {
    const mark = [0xef, 0xbb, 0xbf];
    expect(byteOrderMarkLength(Uint8Array.of(...mark, 0x7b))).toBe(3);
    for (let at = 0; at < 3; at++) {
      expect(byteOrderMarkLength(Uint8Array.of(...mark.with(at, 0x20), 0x7b))).toBe(0);
      expect(byteOrderMarkLength(Uint8Array.of(...mark.slice(0, at)))).toBe(0);
    }
  });
});
