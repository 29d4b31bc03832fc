import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareTimestamps, formatTimestamp, isTimestamp, parseTimestamp } from "./timestamp.js";

const noon = 1_767_268_800_000_000_000n; // 2026-01-01T12:00:00Z

describe("parseTimestamp", () => {
  it.each([
    ["2026-01-01T12:00:00Z", noon],
    ["2026-01-01T12:00:00.000Z", noon],
    ["2026-01-01t12:00:00z", noon],
    ["2026-01-01 12:00:00Z", noon],
    ["2026-01-01T12:00:00.5Z", noon + 500_000_000n],
    ["2026-01-01T12:00:00.123456789Z", noon + 123_456_789n],
    ["2026-01-01T12:00:00.1234567899Z", noon + 123_456_789n],
    ["2026-01-01T12:00:00.000000001+00:00", noon + 1n],
    ["2026-01-01T13:30:00+01:30", noon],
    ["2026-01-01T06:00:00-06:00", noon],
    ["2026-01-01T12:00:00-00:00", noon],
    ["2026-01-01T11:59:60Z", noon],
    ["2026-01-01T11:59:60.250Z", noon + 250_000_000n],
    ["1970-01-01T00:00:00Z", 0n],
    ["1969-12-31T23:59:59.999999999Z", -1n],
    ["2000-02-29T00:00:00Z", 951_782_400_000_000_000n],
    ["0000-01-01T00:00:00Z", -62_167_219_200_000_000_000n],
    ["9999-12-31T23:59:59.999999999Z", 253_402_300_799_999_999_999n],
  ])("reads %s", (text, nanos) => {
    expect(parseTimestamp(text)).toBe(nanos);
  });

  it.each([
    "",
    "now",
    "2026-01-01",
    "2026-01-01T12:00:00",
    "2026-01-01T12:00Z",
    "2026-1-01T12:00:00Z",
    "2026-00-01T12:00:00Z",
    "2026-13-01T12:00:00Z",
    "2026-01-00T12:00:00Z",
    "2026-01-32T12:00:00Z",
    "2026-04-31T12:00:00Z",
    "2026-02-29T12:00:00Z",
    "1900-02-29T12:00:00Z",
    "2026-01-01T24:00:00Z",
    "2026-01-01T12:60:00Z",
    "2026-01-01T12:00:61Z",
    "2026-01-01T12:00:00.Z",
    "2026-01-01T12:00:00,5Z",
    "2026-01-01T12:00:00.5",
    "2026-01-01T12:00:00ZZ",
    "2026-01-01T12:00:00Z\n",
    " 2026-01-01T12:00:00Z",
    "2026-01-01T12:00:00+24:00",
    "2026-01-01T12:00:00+01:60",
    "2026-01-01T12:00:00+0100",
    "2026-01-01T12:00:00+01",
    "2026-01-01T12:00:00 +01:00",
    "2026/01/01T12:00:00Z",
    "2026-01-01T12.00.00Z",
    "2026-01-01_12:00:00Z",
    "+002026-01-01T12:00:00Z",
    "２026-01-01T12:00:00Z",
  ])("finds no instant in %j", (text) => {
    expect(parseTimestamp(text)).toBeUndefined();
    expect(isTimestamp(text)).toBe(false);
  });

  it("reads what Date writes, in every year from 0 to 9999", () => {
    const epochMs = fc.integer({
      min: Date.UTC(2000, 0, 1) - 2000 * 31_556_952_000,
      max: 253_402_300_799_999,
    });
    fc.assert(
      fc.property(epochMs, (ms) => {
        expect(parseTimestamp(new Date(ms).toISOString())).toBe(BigInt(ms) * 1_000_000n);
      }),
      { numRuns: 5000 },
    );
  });

  it("takes exactly the dates that the calendar has", () => {
    const digits = (max: number, width: number) =>
      fc.integer({ min: 0, max }).map((n) => String(n).padStart(width, "0"));
    fc.assert(
      fc.property(digits(9999, 4), digits(14, 2), digits(33, 2), (year, month, day) => {
        const date = new Date(`${year}-${month}-${day}T00:00:00.000Z`);
        const exists =
          !Number.isNaN(date.getTime()) && date.toISOString().startsWith(`${year}-${month}-${day}`);
        expect(isTimestamp(`${year}-${month}-${day}T00:00:00.000Z`)).toBe(exists);
      }),
      { numRuns: 5000 },
    );
  });

  it("takes the offset off", () => {
    fc.assert(
      fc.property(anInstant, anOffset, ({ text, nanos }, { suffix, minutes }) => {
        expect(parseTimestamp(`${text}${suffix}`)).toBe(nanos - BigInt(minutes) * 60_000_000_000n);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("formatTimestamp", () => {
  it.each([
    [0n, "1970-01-01T00:00:00.000Z"],
    [noon, "2026-01-01T12:00:00.000Z"],
    [noon + 1_000_000n, "2026-01-01T12:00:00.001Z"],
    [noon + 1n, "2026-01-01T12:00:00.000000001Z"],
    [noon + 120_000_000n, "2026-01-01T12:00:00.120Z"],
    [-1n, "1969-12-31T23:59:59.999999999Z"],
    [-62_167_219_200_000_000_001n, "-000001-12-31T23:59:59.999999999Z"],
  ])("writes %s", (nanos, text) => {
    expect(formatTimestamp(nanos)).toBe(text);
  });

  it("refuses an instant that no Date can hold", () => {
    expect(() => formatTimestamp(10n ** 25n)).toThrow(RangeError);
  });

  it("is undone by parseTimestamp", () => {
    const nanos = fc.bigInt({ min: -62_167_219_200_000_000_000n, max: 253_402_300_799_999_999_999n });
    fc.assert(
      fc.property(nanos, (value) => {
        expect(parseTimestamp(formatTimestamp(value))).toBe(value);
      }),
      { numRuns: 5000 },
    );
  });
});

describe("compareTimestamps", () => {
  it.each([
    ["2026-01-01T12:00:00.000Z", "2026-01-01T12:00:00.001Z", -1],
    ["2026-01-01T12:00:00.000Z", "2026-01-01T12:00:00.000Z", 0],
    ["2026-01-01T12:00:00.001Z", "2026-01-01T12:00:00.000Z", 1],
    ["2026-01-01T12:00:00Z", "2026-01-01T13:00:00.000+01:00", 0],
    ["2026-01-01T12:00:00.000000001Z", "2026-01-01T12:00:00.000Z", 1],
    ["2026-01-01T11:59:60.500Z", "2026-01-01T12:00:00.200Z", 1],
    ["2026-01-01 12:00:00.500Z", "2026-01-01T12:00:00.200Z", 1],
  ])("compares %s with %s", (a, b, sign) => {
    expect(Math.sign(compareTimestamps(a, b))).toBe(sign);
  });

  it("orders as the instants do, however they are spelled", () => {
    const spelling = fc.oneof(
      fc.tuple(anInstant, anOffset).map(([{ text }, { suffix }]) => `${text}${suffix}`),
      fc.integer({ min: 0, max: 3000 }).map((ms) => formatTimestamp(noon + BigInt(ms) * 1_000_000n)),
      fc.constantFrom("2026-01-01T12:00:00.500Z", "2026-01-01T12:00:01+00:00", "2026-01-01t11:59:60.999z"),
    );
    fc.assert(
      fc.property(spelling, spelling, (a, b) => {
        const difference = (parseTimestamp(a) as bigint) - (parseTimestamp(b) as bigint);
        expect(Math.sign(compareTimestamps(a, b))).toBe(difference < 0n ? -1 : difference > 0n ? 1 : 0);
      }),
      { numRuns: 5000 },
    );
  });
});

/** Within three seconds, so that instants meet. */
const anInstant = fc.bigInt({ min: 0n, max: 3_000_000_000n }).map((offset) => {
  const nanos = noon + offset;
  return { nanos, text: formatTimestamp(nanos).slice(0, -1) };
});

const anOffset = fc.integer({ min: -1439, max: 1439 }).map((minutes) => {
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  const suffix = `${minutes < 0 ? "-" : "+"}${String(hours).padStart(2, "0")}:${String(rest).padStart(2, "0")}`;
  return { minutes, suffix };
});
