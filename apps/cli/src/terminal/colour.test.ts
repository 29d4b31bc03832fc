import { describe, expect, it } from "vitest";
import { createPaint, wantsColour } from "./colour.js";

describe("wantsColour", () => {
  it.each([
    ["always", {}, false, true],
    ["never", { FORCE_COLOR: "1" }, true, false],
    ["auto", {}, true, true],
    ["auto", {}, false, false],
    ["auto", { NO_COLOR: "1" }, true, false],
    ["auto", { NO_COLOR: "" }, true, true],
    ["auto", { FORCE_COLOR: "1" }, false, true],
    ["auto", { FORCE_COLOR: "" }, false, true],
    ["auto", { FORCE_COLOR: "0" }, true, false],
    ["auto", { FORCE_COLOR: "1", NO_COLOR: "1" }, false, true],
    ["auto", { TERM: "dumb" }, true, false],
  ] as const)("--color %s with %j on a terminal (%s) is %s", (choice, env, isTerminal, expected) => {
    expect(wantsColour(choice, env, isTerminal)).toBe(expected);
  });
});

describe("createPaint", () => {
  it("adds sequences only when colour is on", () => {
    expect(createPaint(true)("error", "x")).toBe("\u001b[31mx\u001b[39m");
    expect(createPaint(false)("error", "x")).toBe("x");
    expect(createPaint(true)("match", "")).toBe("");
  });
});
