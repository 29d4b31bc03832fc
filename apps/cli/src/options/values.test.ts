import { describe, expect, it } from "vitest";
import { UsageError } from "../errors/usage-error.js";
import { parseDurationArgument } from "./duration.js";
import { formatSize, parseSizeArgument } from "./size.js";
import { parseWholeNumber } from "./whole-number.js";

describe("parseDurationArgument", () => {
  it.each([
    ["1h", 3_600_000],
    ["30d", 2_592_000_000],
    ["7D", 604_800_000],
    ["90s", 90_000],
    ["250ms", 250],
    ["1.5h", 5_400_000],
    ["1h30m", 5_400_000],
    ["2w", 1_209_600_000],
  ])("reads %s as %i ms", (text, ms) => {
    expect(parseDurationArgument("--older-than", text)).toBe(ms);
  });

  it.each([
    ["30", "needs a unit"],
    ["0d", "more than zero"],
    ["-1d", "wants a length of time"],
    ["NaNd", "wants a length of time"],
    ["", "wants a length of time"],
    ["5 parsecs", "wants a length of time"],
    ["5M", 'does not know the unit "M"'],
    ["5y", 'does not know the unit "y"'],
    ["1constructor", "does not know the unit"],
    ["101000w", "at most 100 years"],
    ["d", "wants a length of time"],
    ["1d2", "wants a length of time"],
  ])("refuses %j: %s", (text, why) => {
    expect(() => parseDurationArgument("--older-than", text)).toThrow(why);
    expect(() => parseDurationArgument("--older-than", text)).toThrow(UsageError);
  });
});

describe("parseSizeArgument", () => {
  it.each([
    ["100MB", 100_000_000],
    ["100mb", 100_000_000],
    ["1 GiB", 1_073_741_824],
    ["1.5k", 1500],
    ["512B", 512],
  ])("reads %s as %i bytes", (text, bytes) => {
    expect(parseSizeArgument("--max-size", text)).toBe(bytes);
  });

  it.each([
    ["100", "needs a unit"],
    ["0MB", "more than zero"],
    ["-5MB", "wants a size"],
    ["MB", "wants a size"],
    ["5XB", "does not know the unit"],
    ["99999999TB", "less than 9 PB"],
  ])("refuses %j: %s", (text, why) => {
    expect(() => parseSizeArgument("--max-size", text)).toThrow(why);
  });
});

describe("formatSize", () => {
  it.each([
    [0, "0 B"],
    [999, "999 B"],
    [1000, "1.0 kB"],
    [9_949, "9.9 kB"],
    [9_950, "10 kB"],
    [999_499, "999 kB"],
    [999_500, "1.0 MB"],
    [1_234_567, "1.2 MB"],
    [100_000_000, "100 MB"],
  ])("writes %i as %s", (bytes, text) => {
    expect(formatSize(bytes)).toBe(text);
  });
});

describe("parseWholeNumber", () => {
  it("takes digits only", () => {
    expect(parseWholeNumber("--limit", "0")).toBe(0);
    for (const text of ["-1", "1.5", "1e3", "", "x", "99999999999999999999"]) {
      expect(() => parseWholeNumber("--limit", text)).toThrow("--limit wants a whole number of at least 0");
    }
    expect(() => parseWholeNumber("--max-events", "0", 1)).toThrow("at least 1");
  });
});
