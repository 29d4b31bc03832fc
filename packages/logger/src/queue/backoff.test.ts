import { describe, expect, it } from "vitest";
import { backoffMs } from "./backoff.js";

describe("backoffMs", () => {
  it.each([
    [1, 100],
    [2, 200],
    [3, 400],
    [6, 3_200],
    [7, 5_000],
    [1_000_000, 5_000],
  ])(
    "waits after %s failures for at most %s ms, and at least three quarters of that",
    (failures, expected) => {
      expect(backoffMs(failures, 0)).toBe(expected);
      expect(backoffMs(failures, 1)).toBe(0.75 * expected);
    },
  );
});
