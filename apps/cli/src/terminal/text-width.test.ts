import { beforeAll, describe, expect, it } from "vitest";
import { cutTo, padEnd, padStart, prepareWidth, textWidth } from "./text-width.js";

beforeAll(() => prepareWidth(["日本"]));

describe("textWidth", () => {
  it.each([
    ["", 0],
    ["abc", 3],
    ["größe · …", 9],
    ["日本", 4],
    ["🦀", 2],
    ["e\u0301", 1],
    ["✖ ▲ █", 5],
  ])("of %j is %i", (text, columns) => {
    expect(textWidth(text)).toBe(columns);
  });
});

describe("padding and cutting", () => {
  it("pads by columns and not by characters", () => {
    expect(padEnd("日本", 6)).toBe("日本  ");
    expect(padStart("日本", 6)).toBe("  日本");
    expect(padEnd("long", 2)).toBe("long");
  });

  it.each([
    ["abcdef", 4, "abc…"],
    ["abcd", 4, "abcd"],
    ["日本語", 4, "日…"],
    ["日本語", 5, "日本…"],
    ["abc", 1, "…"],
    ["abc", 0, ""],
  ])("cuts %j to %i columns: %j", (text, columns, cut) => {
    expect(cutTo(text, columns)).toBe(cut);
    expect(textWidth(cutTo(text, columns))).toBeLessThanOrEqual(columns);
  });
});
