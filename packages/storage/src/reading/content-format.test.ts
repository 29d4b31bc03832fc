import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { encodeMember } from "../gzip/member.js";
import { contentFormatOf, formatProbeBytes } from "./content-format.js";

it.each([
  ["an empty file", Buffer.alloc(0), "plain"],
  ["JSON", Buffer.from('{"id":"x"}\n'), "plain"],
  ["a byte order mark", Buffer.from("\u{feff}{}\n"), "plain"],
  ["half of gzip's magic", Buffer.from([0x1f]), "plain"],
  ["gzip of any origin", gzipSync("{}\n"), "gzip"],
  ["gzip's magic alone", Buffer.from([0x1f, 0x8b]), "gzip"],
  ["zstd", Buffer.from("28b52ffd2000", "hex"), "zstd"],
  ["a skippable frame of zstd", Buffer.from("502a4d1800000000", "hex"), "zstd"],
  ["text that begins with P", Buffer.from("P*M."), "plain"],
])("tells %s by its first bytes", (_kind, beginning, format) => {
  expect(contentFormatOf(beginning)).toBe(format);
});

it("tells our gzip from other gzip by as many bytes as it asks for, even if a few are damaged", async () => {
  const beginning = (await encodeMember(Buffer.from("{}\n"))).subarray(0, formatProbeBytes);
  expect(contentFormatOf(beginning)).toBe("members");
  expect(contentFormatOf(Buffer.from(beginning).fill(0xaa, 0, 4))).toBe("members");
  expect(contentFormatOf(Buffer.from(beginning).fill(0xaa, 0, 5))).toBe("plain");
  expect(contentFormatOf(beginning.subarray(0, 11))).toBe("gzip");
});

it.each([
  ["gzip", "1f8b"],
  ["zstd", "28b52ffd"],
  ["zstd", "5b2a4d18"],
])("takes no other bytes for the magic of %s than %s", (format, magic) => {
  const bytes = Buffer.from(`${magic}00000000`, "hex");
  expect(contentFormatOf(bytes)).toBe(format);
  for (let at = 0; at < magic.length / 2; at++) {
    const other = Buffer.from(bytes);
    other[at]! ^= 0x90;
    expect(contentFormatOf(other)).toBe("plain");
    expect(contentFormatOf(bytes.subarray(0, at))).toBe("plain");
  }
});
