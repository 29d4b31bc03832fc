import { describe, expect, it } from "vitest";
import { progressLine } from "./progress.js";

describe("progressLine", () => {
  it.each([
    [
      { bytesRead: 1_500_000_000, bytesTotal: 3_000_000_000, records: 4_200_000 },
      5000,
      "1.5 GB of 3.0 GB, 4,200,000 records, 300 MB/s, 5 s left",
    ],
    [{ bytesRead: 1_000_000, records: 10 }, 1000, "1.0 MB, 10 records, 1.0 MB/s"],
    [{ bytesRead: 2_000, bytesTotal: 1_000, records: 1 }, 1000, "2.0 kB, 1 records, 2.0 kB/s"],
    [{ bytesRead: 0, bytesTotal: 1_000, records: 0 }, 1000, "0 B of 1.0 kB, 0 records, 0 B/s"],
  ])("of %j after %i ms is %s", (state, elapsedMs, line) => {
    expect(progressLine(state, elapsedMs)).toBe(line);
  });
});
