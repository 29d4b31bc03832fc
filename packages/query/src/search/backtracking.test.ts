import { describe, expect, it } from "vitest";
import { backtrackingDegree } from "./backtracking.js";

describe("backtrackingDegree", () => {
  it.each([
    ["", 0],
    ["error|failed", 0],
    ["\\+\\*\\?[*+?{2,}]", 0],
    ["a{3}", 0],
    ["[\\]+]", 0],
    ["code \\d+", 1],
    ["a{2,5}", 1],
    ["ENOENT.*src.*ts", 2],
    ["colou?r", 1],
    ["(error|failed): .*", 2],
    ["(?:a)(?<name>b)(?!c)", 0],
    ["(foo)?bar", 1],
    ["(a+)+", Number.POSITIVE_INFINITY],
    ["(a|a)*$", Number.POSITIVE_INFINITY],
    ["(.*a){25}b", Number.POSITIVE_INFINITY],
    ["^(a+)+\\1$", Number.POSITIVE_INFINITY],
    ["(?<n>a+)\\k<n>", Number.POSITIVE_INFINITY],
  ])("of %s is %d", (source, degree) => {
    expect(backtrackingDegree(source)).toBe(degree);
  });
});
