import { describe, expect, it } from "vitest";
import { globalOptions } from "../options/output-options.js";
import { sourceOptions } from "../options/source-options.js";
import { readCommandLine } from "./command-line.js";

const known = { ...sourceOptions, ...globalOptions };
const read = (calledAs: string, line: string) =>
  readCommandLine(calledAs, line.split(" ").filter(Boolean), known);

describe("readCommandLine", () => {
  it.each([
    ["prodigy", "events ls --limit 1", "prodigy events", "ls", ["--limit", "1"]],
    ["prodigy-events", "ls --limit 1", "prodigy-events", "ls", ["--limit", "1"]],
    ["prodigy-events", "events ls", "prodigy events", "ls", []],
    ["main.js", "events stats", "prodigy events", "stats", []],
    ["main.js", "stats", "prodigy-events", "stats", []],
    ["prodigy", "events --store /s ls x", "prodigy events", "ls", ["--store", "/s", "x"]],
    ["prodigy", "--store /s events ls", "prodigy events", "ls", ["--store", "/s"]],
    ["prodigy-events", "--ascii ls", "prodigy-events", "ls", ["--ascii"]],
    ["prodigy-events", "search events", "prodigy-events", "search", ["events"]],
    ["prodigy", "events search events", "prodigy events", "search", ["events"]],
    ["prodigy", "events", "prodigy events", undefined, []],
    ["prodigy", "--version", "prodigy events", undefined, ["--version"]],
  ])("%s %s is the command %s %s", (calledAs, line, programName, commandName, words) => {
    expect(read(calledAs, line)).toEqual({ programName, commandName, words, isEventsMissing: false });
  });

  it("notices that events is missing after prodigy", () => {
    expect(read("prodigy", "ls").isEventsMissing).toBe(true);
    expect(read("prodigy", "").isEventsMissing).toBe(false);
  });
});
