import { expect, it } from "vitest";
import { encodeMemberHeader, memberHeaderBytes, parseMemberHeader } from "./member-header.js";

it("is the layout of FORMAT.md", () => {
  const header = encodeMemberHeader({ compressedBytes: 0x01020304, logicalBytes: 0x0a0b0c0d });
  expect(header.toString("hex")).toBe("1f8b0804000000000" + "0ff0c0050450800" + "040302010d0c0b0a");
  expect(header).toHaveLength(memberHeaderBytes);
});

it("reads what it writes, also in the middle of a buffer", () => {
  const header = encodeMemberHeader({ compressedBytes: 4_000_000_000, logicalBytes: 0 });
  const inside = Buffer.concat([Buffer.from("xyz"), header, Buffer.from("xyz")]).subarray(3);
  expect(parseMemberHeader(inside)).toEqual({ compressedBytes: 4_000_000_000, logicalBytes: 0 });
});

it.each([
  ["nothing", Buffer.alloc(0)],
  ["a header that is cut off", encodeMemberHeader({ compressedBytes: 99, logicalBytes: 1 }).subarray(0, -1)],
  ["a member that could hold nothing", encodeMemberHeader({ compressedBytes: 32, logicalBytes: 1 })],
  ["the header of another gzip", Buffer.from("1f8b0800000000000003".padEnd(48, "0"), "hex")],
])("makes nothing of %s", (_kind, bytes) => {
  expect(parseMemberHeader(bytes)).toBeUndefined();
});

it("does not take a header with any flipped bit in its fixed part for one of ours", () => {
  const header = encodeMemberHeader({ compressedBytes: 99, logicalBytes: 1 });
  for (let bit = 0; bit < 16 * 8; bit += 1) {
    const damaged = Buffer.from(header);
    damaged[bit >> 3] = (damaged[bit >> 3] as number) ^ (1 << (bit & 7));
    expect(parseMemberHeader(damaged), `bit ${bit}`).toBeUndefined();
  }
});
