import { describe, expect, it } from "vitest";
import { closest, didYouMean, editDistance } from "./suggestion.js";

describe("closest", () => {
  const commands = ["ls", "list", "stats", "search", "follow", "export", "clean", "restore", "jobs", "show"];

  it.each([
    ["serach", "search"],
    ["stat", "stats"],
    ["folow", "follow"],
    ["exp", "export"],
    ["CLEAN", "clean"],
  ])("finds what %s was meant to be: %s", (typed, meant) => {
    expect(closest(typed, commands)).toBe(meant);
  });

  it.each(["xyz", "", "frobnicate", "s"])("offers nothing for %j, which is near to no command", (typed) => {
    expect(closest(typed, commands)).toBeUndefined();
  });

  it("prefers no completion when several are possible", () => {
    expect(closest("agent_", ["agent_started", "agent_failed"])).toBeUndefined();
  });

  it("puts the option's dashes before the suggestion", () => {
    expect(didYouMean("job-idd", ["job-id", "agent-id"], "--")).toBe("; did you mean --job-id?");
    expect(didYouMean("zzz", ["job-id"])).toBe("");
  });
});

describe("editDistance", () => {
  it.each([
    ["", "", 0],
    ["", "abc", 3],
    ["abc", "abc", 0],
    ["abc", "acb", 1],
    ["kitten", "sitting", 3],
    ["limit", "limti", 1],
  ])("of %j and %j is %i", (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
    expect(editDistance(b, a)).toBe(distance);
  });
});
