import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  compareDurations,
  type Duration,
  durationFromMs,
  durationToMs,
  durationToNanos,
  formatDuration,
  parseDuration,
} from "./duration.js";

describe("parseDuration", () => {
  it.each([
    [
      { secs: 45, nanos: 0 },
      { secs: 45, nanos: 0 },
    ],
    [
      { secs: 45, nanos: 1, unit: "s" },
      { secs: 45, nanos: 1 },
    ],
    [[45, 500_000_000], { secs: 45, nanos: 500_000_000 }],
    [[-1, 500_000_000], { secs: -1, nanos: 500_000_000 }],
    [45, { secs: 45, nanos: 0 }],
    [45.25, { secs: 45, nanos: 250_000_000 }],
    [-0.5, { secs: -1, nanos: 500_000_000 }],
    [0.9999999999, { secs: 1, nanos: 0 }],
  ])("reads %j", (value, duration) => {
    expect(parseDuration(value)).toEqual(duration);
  });

  it.each([
    [undefined],
    [null],
    ["45s"],
    [true],
    [Number.NaN],
    [Number.POSITIVE_INFINITY],
    [1e300],
    [[45]],
    [[45, 0, 0]],
    [[45.5, 0]],
    [["45", 0]],
    [[45, -1]],
    [[45, 1_000_000_000]],
    [{ secs: 45 }],
    [{ secs: "45", nanos: 0 }],
  ])("finds no duration in %j", (value) => {
    expect(parseDuration(value)).toBeUndefined();
  });
});

describe("formatDuration", () => {
  it.each([
    [0, "0.0s"],
    [0.2, "<1ms"],
    [1, "1ms"],
    [999.4, "999ms"],
    [999.6, "1.0s"],
    [1500, "1.5s"],
    [45_000, "45.0s"],
    [59_949, "59.9s"],
    [59_950, "1m 0s"],
    [123_000, "2m 3s"],
    [3_599_499, "59m 59s"],
    [3_599_500, "1h 0m"],
    [3_720_000, "1h 2m"],
    [86_399_000, "1d 0h"],
    [273_600_000, "3d 4h"],
    [-1500, "-1.5s"],
  ])("writes %d ms", (ms, text) => {
    expect(formatDuration(durationFromMs(ms))).toBe(text);
  });
});

describe("durationFromMs", () => {
  it("refuses what is no length", () => {
    expect(() => durationFromMs(Number.NaN)).toThrow(
      new RangeError("No duration has NaN ms: give a finite number below 9e18"),
    );
  });

  it.each([
    [8_398_926_697, { secs: 8_398_926, nanos: 697_000_000 }],
    [-1, { secs: -1, nanos: 999_000_000 }],
    [999.9999999, { secs: 1, nanos: 0 }],
  ])("is exact to the nanosecond: %d ms", (ms, duration) => {
    expect(durationFromMs(ms)).toEqual(duration);
  });

  it("is undone by durationToMs", () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e12, max: 1e12 }), (ms) => {
        expect(durationToMs(durationFromMs(ms))).toBe(ms);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("compareDurations", () => {
  it("orders as the lengths in nanoseconds do", () => {
    fc.assert(
      fc.property(aDuration, aDuration, (a, b) => {
        const difference = durationToNanos(a) - durationToNanos(b);
        expect(Math.sign(compareDurations(a, b))).toBe(difference < 0n ? -1 : difference > 0n ? 1 : 0);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("durationToNanos", () => {
  it("is exact for negative durations, whose nanoseconds count forwards", () => {
    expect(durationToNanos({ secs: -1, nanos: 500_000_000 })).toBe(-500_000_000n);
  });

  it("is exact beyond 2^53 nanoseconds", () => {
    expect(durationToNanos({ secs: 10_000_000_000, nanos: 1 })).toBe(10_000_000_000_000_000_001n);
  });
});

const aDuration: fc.Arbitrary<Duration> = fc.record({
  secs: fc.integer({ min: -2, max: 2 }),
  nanos: fc.integer({ min: 0, max: 999_999_999 }),
});
