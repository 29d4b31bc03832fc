import { describe, expect, it } from "vitest";
import { createSymbols, drawBar } from "./symbols.js";

describe("drawBar", () => {
  it.each([
    [0, ""],
    [1, "████████"],
    [0.5, "████"],
    [0.0001, "▏"],
    [0.0625, "▌"],
    [2, "████████"],
    [-1, ""],
  ])("of the share %f over 8 columns is %j", (share, bar) => {
    expect(drawBar(share, 8, createSymbols(false))).toBe(bar);
  });

  it.each([
    [1, "########"],
    [0.5, "####"],
    [0.0001, "#"],
  ])("of the share %f in ASCII is %j", (share, bar) => {
    expect(drawBar(share, 8, createSymbols(true))).toBe(bar);
  });
});
