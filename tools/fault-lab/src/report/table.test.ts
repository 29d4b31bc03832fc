import { describe, expect, it } from "vitest";
import type { RowResult } from "../row.js";
import { jsonLine, resultOf } from "./json-line.js";
import { table } from "./table.js";

const timed = (result: Partial<RowResult>, ms = 1_500) => ({
  result: { row: "1 kill -9", n: 0, lost: 0, dup: 0, failures: [], ...result },
  ms,
});

describe("table", () => {
  it("has a line for each result, with figures in words and numbers that can be read", () => {
    const figures = { staleTemporaries: 12_345, logP99Us: 9.1, rssMB: 133, "survive SIGKILL": 400 };
    const lines = table([timed({ n: 1_000, acked: 1_063_498, figures })]).split("\n");
    expect(lines[2]).toBe(
      "| 1 kill -9 | 1,000 | 1,063,498 | 0 | 0 | 1.5 | ok | stale temporaries 12,345, log p99 us 9.1, rss mb 133, survive SIGKILL 400 |",
    );
  });

  it("says the seconds of a row once, however many results it has", () => {
    const lines = table([timed({}), timed({ row: "1 kill -9, fsync" }), timed({ row: "3 power cut" }, 900)]);
    expect(lines.match(/1\.5/g)).toHaveLength(1);
    expect(lines).toContain("| 0.9 |");
  });

  it("tells what failed, what was skipped and why, and what only compares", () => {
    expect(table([timed({ lost: 1 })])).toContain("| FAILED |");
    expect(table([timed({ skipped: "strace is not installed" })])).toContain(
      "| skipped | strace is not installed |",
    );
    expect(table([timed({ lost: 5, comparison: "pino" } as never)])).toContain("| 5 | 0 | 1.5 | – |");
  });
});

describe("jsonLine", () => {
  it.each([
    { acked: 10, lost: 1, dup: 2, failures: ["a", "b"], seed: 7 },
    { acked: 10, figures: { corruptReported: 3, corruptActual: 3, other: 4 }, seed: 7 },
    { skipped: "no strace", seed: 7 },
    { comparison: "pino", acked: 600, lost: 319, seed: 7 },
  ])("can be read again: %o", (result) => {
    const before = timed(result as Partial<RowResult>);
    expect(table([resultOf(jsonLine(before))])).toBe(table([before]));
  });
});
