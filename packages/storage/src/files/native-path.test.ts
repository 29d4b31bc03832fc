import fc from "fast-check";
import { expect, it } from "vitest";
import { mayHaveLost, nativePath, pathOfBytes } from "./native-path.js";

const bytesOf = (path: string) => Buffer.from(nativePath(path) as string);

it.each([
  ["plain.jsonl", "plain.jsonl"],
  ["ünï \u{1f980}\ufffd", "ünï \u{1f980}\ufffd"],
])("leaves what is UTF-8 as it is: %j", (path, text) => {
  expect(nativePath(path)).toBe(text);
  expect(pathOfBytes(Buffer.from(path))).toBe(text);
});

it.each([
  ["a byte by itself", [0x61, 0x9b, 0x62], "a\udc9bb"],
  ["the beginning of a character", [0xf0, 0x9f, 0xa6], "\udcf0\udc9f\udca6"],
  ["a surrogate written as UTF-8", [0xed, 0xb2, 0x9b], "\udced\udcb2\udc9b"],
  ["an overlong slash", [0xc0, 0xaf], "\udcc0\udcaf"],
  ["Latin-1 beside UTF-8", [0xc3, 0xbc, 0xfc], "ü\udcfc"],
])("has a text for %s, which leads back to it", (_, bytes, text) => {
  expect(pathOfBytes(Buffer.from(bytes))).toBe(text);
  expect([...bytesOf(text)]).toEqual(bytes);
});

it("has a text for all bytes, which leads back to them, and is told by the replacement character", () => {
  const byte = fc.oneof(
    fc.integer({ min: 1, max: 255 }),
    fc.constantFrom(0xed, 0xb2, 0x9b, 0xf0, 0xef, 0xbf, 0xbd),
  );
  fc.assert(
    fc.property(fc.array(byte, { maxLength: 12 }), (list) => {
      const bytes = Buffer.from(list);
      const text = bytes.toString("utf8");
      const path = pathOfBytes(bytes);
      expect(bytesOf(path).equals(bytes)).toBe(true);
      expect(path === text || mayHaveLost(text)).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

it("takes half of a character of two units for no byte", () => {
  const path = "a\u{1f4a5}b"; // in UTF-16 d83d dca5
  expect(nativePath(path)).toBe(path);
  expect([...bytesOf(`${path}\udca5`)]).toEqual([...Buffer.from(path), 0xa5]);
});
