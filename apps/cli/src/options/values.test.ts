import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UsageError } from "../errors/usage-error.js";
import { parseDurationArgument } from "./duration.js";
import { formatSize, parseSizeArgument } from "./size.js";
import { parseWholeNumber } from "./whole-number.js";

/** What a parser makes of a text; `"refused"` for a usage error of one line. Anything else it throws is a failure. */
function reading(parse: (option: string, text: string) => number, text: string): number | "refused" {
  try {
    return parse("--option", text);
  } catch (error) {
    if (error instanceof UsageError && !error.message.includes("\n")) return "refused";
    throw error;
  }
}

const anyAmount = fc.oneof(
  fc.string({
    unit: fc.constantFrom(
      ..."0123456789.",
      "ms",
      "h",
      "d",
      "w",
      "k",
      "MB",
      "GiB",
      "T",
      " ",
      "-",
      "e",
      "\n",
      "💥",
    ),
  }),
  fc.string({ unit: "binary" }),
);

describe("parseDurationArgument", () => {
  it("takes any text for a length of time, or refuses it", () => {
    const longestMs = 100 * 365.25 * 86_400_000;
    fc.assert(
      fc.property(anyAmount, (text) => {
        const ms = reading(parseDurationArgument, text);
        expect(ms === "refused" || (ms > 0 && ms <= longestMs)).toBe(true);
      }),
      { numRuns: 3_000 },
    );
    for (const text of [`${"1h".repeat(50_000)}!`, "1".repeat(100_000), `${"1.".repeat(50_000)}h`])
      expect(reading(parseDurationArgument, text)).toBe("refused");
  });

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
  it("takes any text for a whole number of bytes, or refuses it", () => {
    fc.assert(
      fc.property(anyAmount, (text) => {
        const bytes = reading(parseSizeArgument, text);
        expect(bytes === "refused" || (bytes > 0 && Number.isSafeInteger(bytes))).toBe(true);
      }),
      { numRuns: 3_000 },
    );
    for (const text of [`${"1".repeat(100_000)}!`, `1${" ".repeat(100_000)}!`, `1${"k".repeat(100_000)}`])
      expect(reading(parseSizeArgument, text)).toBe("refused");
  });

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
