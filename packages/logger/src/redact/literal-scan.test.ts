import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { limits } from "../limits.js";
import { LiteralScan } from "./literal-scan.js";

const words = ["token", "abab", "://x", "sk-a", "pass word"];
const scan = new LiteralScan(words.map((text) => ({ text })));

/** What the scan should say, the slow way. */
const holdsWord = (text: string) => {
  // Not toLowerCase(): some letters that are not ASCII become ASCII ones by it.
  const lower = text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
  return words.some((word) => lower.includes(word));
};

describe("the scan for literals", () => {
  it("says of any text whether one of them is in it, in any case", () => {
    const piece = fc.oneof(
      fc.constantFrom(...words, "TOKEN", "Toke", "oken", "ABaB", ":/", "İ", "K", "ŴŸ", "😀"),
      fc.string({ unit: "grapheme", maxLength: 4 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join("");
        expect(scan.test(text)).toBe(holdsWord(text));
      }),
      { numRuns: 3_000 },
    );
  });

  it("says the same of a part of a text in memory, whatever is around it", () => {
    const guarded = new LiteralScan([
      ...words.map((text) => ({ text })),
      { text: "pass", behind: /(?!s)[^/"\s]*@/y },
      { text: "auth", next: "=\\ ", behind: /=|\\{2}|(?<=--.{0,4}) /y, reach: 8 },
    ]);
    const piece = fc.oneof(
      fc.constantFrom(
        ...words,
        "pass",
        "passs",
        "auth",
        "--",
        "=",
        "\\",
        " ",
        "@",
        "/",
        "ToKeN",
        "oken",
        "\u00a0",
        "à",
        "K",
        "😀",
        "€",
      ),
      fc.string({ unit: "grapheme", maxLength: 4 }),
    );
    const text = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(""));
    fc.assert(
      fc.property(text, text, text, text, fc.nat({ max: 1 }), (before, searched, behind, after, shift) => {
        const buffer = Buffer.from(`${"x".repeat(shift)}${before}${searched}${behind}${after}`);
        const memory = { buffer, bytes: new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length) };
        const from = shift + Buffer.byteLength(before);
        const to = from + Buffer.byteLength(searched);
        const end = to + Buffer.byteLength(behind);
        const expected = guarded.test(searched + behind, 0, searched.length);
        expect(guarded.testBytes(memory, from, to, end)).toBe(expected);
      }),
      { numRuns: 5_000 },
    );
  });

  it.each([-6, -5, -4, -3, -2, -1, 0, 1, 2])("finds one %i characters from the end of a chunk", (shift) => {
    const before = "x".repeat(limits.scanChunkLength + shift);
    expect(scan.test(`${before}token`)).toBe(true);
    expect(scan.test(`${before}token${before}`)).toBe(true);
    expect(scan.test(`${before}tokex${before}`)).toBe(false);
  });

  it("looks only where it is told to", () => {
    const text = "token....token";
    expect(scan.test(text, 0, 5)).toBe(true);
    expect(scan.test(text, 1, 13)).toBe(false);
    expect(scan.test(text, 0, 4)).toBe(false);
    expect(scan.test(text, 9)).toBe(true);
  });

  it("minds what must stand behind a literal", () => {
    const guarded = new LiteralScan([{ text: "token", behind: /(?!s)/y }]);
    expect(guarded.test("tokens")).toBe(false);
    expect(guarded.test("tokens token")).toBe(true);
    expect(guarded.test("token")).toBe(true);
    const followed = new LiteralScan([{ text: "auth", next: "=:" }]);
    expect(["auth", "author", "auth:", "auth="].map((text) => followed.test(text))).toEqual([
      false,
      false,
      true,
      true,
    ]);
  });
});
