import { describe, expect, it } from "vitest";
import { verdictOf } from "./verdict.js";

const clean = { row: "1", n: 5, lost: 0, dup: 0, failures: [] };

describe("verdictOf", () => {
  it("passes what lost nothing, has nothing twice and found nothing wrong", () => {
    expect(verdictOf(clean)).toBe("passed");
  });

  it.each([
    ["a lost record", { lost: 1 }],
    ["a record read twice", { dup: 1 }],
    ["anything else that was wrong", { failures: ["a torn tail was not reported"] }],
  ])("fails at %s", (_, found) => {
    expect(verdictOf({ ...clean, ...found })).toBe("failed");
  });

  it("tells what was not tried from what passed", () => {
    expect(verdictOf({ ...clean, skipped: "no strace" })).toBe("skipped");
  });

  it("holds other loggers to nothing", () => {
    expect(verdictOf({ ...clean, lost: 319, comparison: "pino" } as never)).toBe("compared");
  });
});
