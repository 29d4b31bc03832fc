import { PassThrough } from "node:stream";
import type { Problem, QueryReport } from "@prodigy-events/query";
import { describe, expect, it } from "vitest";
import { Messages } from "../output/messages.js";
import { describeTerminal } from "../terminal/terminal.js";
import { describeProblem, reportDamage, summarizeDamage } from "./damage-report.js";
import { emptyAnswerLines } from "./nothing-matched.js";

const report = (given: Partial<QueryReport>): QueryReport => ({
  linesRead: 30_000,
  records: 30_000,
  matched: 0,
  malformed: 0,
  torn: 0,
  pending: 0,
  pendingBytes: 0,
  duplicates: 0,
  outOfOrder: 0,
  segments: 1,
  bytesRead: 1,
  unreadable: 0,
  complete: true,
  problems: [],
  problemFiles: 0,
  excludedTypes: new Map(),
  strategy: "merge",
  threads: 1,
  reads: [],
  parsedLines: 0,
  sources: [],
  ...given,
});

describe("summarizeDamage", () => {
  it.each([
    [{}, undefined],
    [{ pending: 1 }, undefined],
    [{ malformed: 3, problemFiles: 2, torn: 1 }, "3 malformed lines in 2 files (0.01 %), 1 torn tail"],
    [{ malformed: 1, problemFiles: 1 }, "1 malformed line in 1 file (< 0.01 %)"],
    [{ malformed: 1, problemFiles: 1, linesRead: 4 }, "1 malformed line in 1 file (25.0 %)"],
    [{ torn: 2 }, "2 torn tails"],
    [{ unreadable: 1 }, "1 file that could not be read to the end"],
  ])("of %j is %s", (given, summary) => {
    expect(summarizeDamage(report(given))).toBe(summary);
  });
});

describe("reportDamage", () => {
  const said = (given: Partial<QueryReport>) => {
    const stream = new PassThrough();
    const messages = new Messages(stream, describeTerminal({}, { colour: "never", ascii: false }, {}));
    const exitCode = reportDamage(report(given), messages);
    return { exitCode, text: (stream.read() as Buffer | null)?.toString() ?? "" };
  };
  const problem: Problem = {
    path: "/a",
    offset: 1,
    length: 2,
    reason: "json",
    message: "m",
    preview: "x\u001b",
  };

  it("says nothing when all was well", () => {
    expect(said({})).toEqual({ exitCode: 0, text: "" });
  });

  it("names the first five places, safe to print, and counts the rest; damage is no failure", () => {
    const problems = Array.from({ length: 9 }, () => problem);
    const { exitCode, text } = said({ malformed: 9, problemFiles: 1, problems });
    expect(exitCode).toBe(0);
    expect(text.split("\n")).toEqual([
      "warning: 9 malformed lines in 1 file (0.03 %); run 'events verify'",
      ...Array(5).fill("  /a:1 2 json x\\u{1b}"),
      "  and 4 more",
      "",
    ]);
  });

  it("a file that the system does not let us read is a failure", () => {
    const problems: Problem[] = [{ ...problem, reason: "unreadable", message: "cannot open /a" }];
    expect(said({ unreadable: 1, problemFiles: 1, problems })).toEqual({
      exitCode: 1,
      text: "warning: 1 file that could not be read to the end; run 'events verify'\n  cannot open /a\n",
    });
  });
});

describe("describeProblem", () => {
  it("is path:offset, length, reason, and what stands there or what is wrong", () => {
    const problem: Problem = {
      path: "/a",
      offset: 12,
      length: 3,
      reason: "json",
      message: "not JSON",
      preview: "{x",
    };
    expect(describeProblem(problem)).toBe("/a:12 3 json {x");
    expect(describeProblem({ ...problem, preview: "" })).toBe("/a:12 3 json not JSON");
  });

  it("of a file that cannot be read is why", () => {
    const problem = {
      path: "/a",
      offset: 0,
      length: 0,
      message: "cannot open /a: permission denied",
      preview: "",
    };
    expect(describeProblem({ ...problem, reason: "unreadable" })).toBe("cannot open /a: permission denied");
  });
});

describe("emptyAnswerLines", () => {
  it("says what was there instead, most frequent first", () => {
    const excludedTypes = new Map([..."abcdefgh"].map((type, index): [string, number] => [type, index + 1]));
    expect(emptyAnswerLines(report({ excludedTypes }), "--event-type x", false)).toEqual([
      "no record matches --event-type x among 36 records: h 8, g 7, f 6, e 5, d 4, c 3 and 2 other types",
    ]);
  });

  it("says where was looked when there was nothing, and what to try", () => {
    const sources = ["/1", "/2", "/3", "/4", "/5"];
    expect(emptyAnswerLines(report({ sources }), "", true)).toEqual([
      "no events found; looked in /1, /2, /3, /4 and 1 more",
      "check the path given with --file",
    ]);
    expect(emptyAnswerLines(report({}), "", false)[1]).toContain("--store");
  });
});
