import { describe, expect, it } from "vitest";
import { optionTable } from "./option-table.js";
import { parseArguments } from "./parse-arguments.js";

const table = optionTable({
  "job-id": { kind: "list", value: "ID", summary: "job", group: "Filters" },
  limit: { kind: "text", value: "N", summary: "newest", group: "Filters", short: "n" },
  file: { kind: "paths", value: "PATH", summary: "files", group: "Sources" },
  set: { kind: "repeat", value: "K=V", summary: "field", group: "Event" },
  order: { kind: "text", summary: "order", group: "Filters", choices: ["newest", "oldest"] },
  "fixed-strings": { kind: "flag", summary: "literal", group: "Matching", short: "F" },
  strict: { kind: "flag", summary: "strict", group: "Reading" },
});
const parse = (...words: string[]) => parseArguments(words, table);

describe("parseArguments", () => {
  it("gives every option, absent ones too", () => {
    expect(parse("pattern")).toEqual({
      values: {
        "job-id": [],
        limit: undefined,
        file: [],
        set: [],
        order: undefined,
        "fixed-strings": false,
        strict: false,
      },
      positionals: ["pattern"],
    });
  });

  it("splits lists at commas and joins repetitions", () => {
    expect(parse("--job-id", "a,b", "--job-id=c").values["job-id"]).toEqual(["a", "b", "c"]);
  });

  it("takes the values of a repeated option whole", () => {
    expect(parse("--set", "a=1,2", "--set", "b=x=y").values.set).toEqual(["a=1,2", "b=x=y"]);
  });

  it("takes all paths up to the next option, and a lone dash as one", () => {
    expect(parse("--file", "a", "b", "--strict").values.file).toEqual(["a", "b"]);
    expect(parse("--file", "-").values.file).toEqual(["-"]);
    expect(parse("--file", "a", "--", "b")).toMatchObject({ values: { file: ["a"] }, positionals: ["b"] });
  });

  it("lets the last of several single values count", () => {
    expect(parse("--limit", "1", "-n5").values.limit).toBe("5");
  });

  it("does not read numbers, dots or prototypes into words", () => {
    expect(parse("01", "1e3", "--job-id", "007").positionals).toEqual(["01", "1e3"]);
    expect(parse("--job-id", "007").values["job-id"]).toEqual(["007"]);
    expect(() => parse("--constructor", "x")).toThrow("unknown option --constructor");
    expect(() => parse("--__proto__", "x")).toThrow("unknown option");
  });

  it("takes what follows -- as it is", () => {
    expect(parse("-F", "--", "--job-id", "-x").positionals).toEqual(["--job-id", "-x"]);
  });

  it.each([
    [["--job-idd", "x"], "unknown option --job-idd; did you mean --job-id?"],
    [["--bogus"], "unknown option --bogus"],
    [["-x"], "unknown option -x"],
    [["-limit", "5"], "unknown option -limit; did you mean --limit?"],
    [["--job-id"], "--job-id needs a value: --job-id ID"],
    [["--job-id", "--strict"], "--job-id needs a value: --job-id ID"],
    [["--job-id="], "--job-id needs a value: --job-id ID"],
    [["--job-id", "a,,b"], '--job-id has an empty value in "a,,b"'],
    [["--file"], "--file needs a value: --file PATH"],
    [["--order", "newst"], '--order is one of newest, oldest, not "newst"; did you mean newest?'],
    [["--strict=maybe"], '--strict is a switch and takes no value, got "maybe"'],
  ])("refuses %j: %s", (words, message) => {
    expect(() => parse(...words)).toThrow(message);
  });
});
