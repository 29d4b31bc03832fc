import fc from "fast-check";

const pieces = [
  fc.constant("\n"),
  fc.constant("\r\n"),
  fc.constantFrom(" ", "\t", "\r", "  \r"),
  fc.constantFrom("\u{feff}", "ü", "日本", "😀", "\u{2028}", "\u{85}"),
  fc.string({ unit: "grapheme", maxLength: 12 }),
  fc.string({ unit: "binary-ascii", maxLength: 12 }),
  fc.json({ maxDepth: 1 }),
  fc.constantFrom("{", "\nw", "v".repeat(39), "x".repeat(40), "y".repeat(90)),
].map((text) => text.map((value) => Buffer.from(value, "utf8")));

const badBytes = fc
  .constantFrom("00", "0000000a", "ff", "c3", "c3280a", "eda080", "f8a1a1", "efbbbf", "efbb")
  .map((hex) => Buffer.from(hex, "hex"));

/** Contents that have a bit of everything: line ends, white space, all lengths of UTF-8, and bytes that are none. */
export const arbitraryContent = fc
  .array(fc.oneof({ weight: 10, arbitrary: fc.oneof(...pieces) }, { weight: 2, arbitrary: badBytes }), {
    maxLength: 30,
  })
  .map((parts) => Buffer.concat(parts));

/** Sizes of pieces, so small that every line is cut somewhere. */
export const arbitraryChunkBytes = fc.oneof(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 9, max: 200 }));
