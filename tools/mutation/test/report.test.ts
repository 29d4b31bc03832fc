import { describe, expect, it } from "vitest";
import { scoreOf, survivorsOf, tableOf } from "../report.js";

const mutant = (status: string, line = 1) => ({
  status,
  mutatorName: "ConditionalExpression",
  replacement: "false",
  location: { start: { line, column: 5 }, end: { line, column: 10 } },
});

const files = {
  "src/reading/line.ts": { source: "if (a > b) return;\n", mutants: [mutant("Killed"), mutant("Survived")] },
  "src/gzip/member.ts": {
    source: "\nif (c > d) return;\n",
    mutants: [mutant("Timeout", 2), mutant("Killed", 2), mutant("NoCoverage", 2), mutant("Ignored", 2)],
  },
};

describe("the report on mutants", () => {
  it("counts a mutant that never ends as noticed, one that no test reaches as not, and an ignored one as neither", () => {
    expect(scoreOf([files["src/gzip/member.ts"]])).toEqual({ killed: 2, survived: 1, score: 200 / 3 });
  });

  it("has a row for the package, each of its folders, and all packages together", () => {
    expect(
      tableOf([{ name: "storage", files }])
        .split("\n")
        .slice(2),
    ).toEqual([
      "| **storage** | 5 | 3 | 2 | 60.0 % |",
      "| storage/src/gzip | 3 | 2 | 1 | 66.7 % |",
      "| storage/src/reading | 2 | 1 | 1 | 50.0 % |",
      "| **all** | 5 | 3 | 2 | 60.0 % |",
      "",
    ]);
  });

  it("says of what was not noticed where it is and what was put in its place", () => {
    expect(survivorsOf({ directory: "packages/storage", files })).toEqual([
      "packages/storage/src/reading/line.ts:1:5 Survived ConditionalExpression: a > b → false",
      "packages/storage/src/gzip/member.ts:2:5 NoCoverage ConditionalExpression: c > d → false",
    ]);
  });
});
