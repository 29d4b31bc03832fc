import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseTimeArgument } from "./time-argument.js";

const now = Date.parse("2026-06-15T10:30:00.250Z");
const context = { now, timeZone: "UTC" };
const iso = (nanos: bigint) => new Date(Number(nanos / 1_000_000n)).toISOString();

describe("parseTimeArgument", () => {
  it.each([
    ["30", "2026-06-15T10:00:00.250Z"],
    ["0", "2026-06-15T10:30:00.250Z"],
    ["000060", "2026-06-15T09:30:00.250Z"],
    ["999999", "2024-07-20T23:51:00.250Z"],
    ["90s", "2026-06-15T10:28:30.250Z"],
    ["30m", "2026-06-15T10:00:00.250Z"],
    ["2h", "2026-06-15T08:30:00.250Z"],
    ["7d", "2026-06-08T10:30:00.250Z"],
    ["now", "2026-06-15T10:30:00.250Z"],
    ["today", "2026-06-15T00:00:00.000Z"],
    ["yesterday", "2026-06-14T00:00:00.000Z"],
    ["10:30", "2026-06-15T10:30:00.000Z"],
    ["10:31", "2026-06-14T10:31:00.000Z"],
    ["9:05:07", "2026-06-15T09:05:07.000Z"],
    ["23:59", "2026-06-14T23:59:00.000Z"],
    ["2026-06-01", "2026-06-01T00:00:00.000Z"],
    ["2026-06-01T12:30", "2026-06-01T12:30:00.000Z"],
    ["2026-06-01 12:30:05", "2026-06-01T12:30:05.000Z"],
    ["2026-06-01T12:30:05.5", "2026-06-01T12:30:05.500Z"],
    ["2026-06-01T12:30:05Z", "2026-06-01T12:30:05.000Z"],
    ["2026-06-01T12:30:05+02:00", "2026-06-01T10:30:05.000Z"],
    [" 2h ", "2026-06-15T08:30:00.250Z"],
  ])("reads %s as %s", (text, expected) => {
    expect(iso(parseTimeArgument(text, context))).toBe(expected);
  });

  it("is exact to the nanosecond", () => {
    const second = BigInt(Date.parse("2026-06-01T12:30:05Z")) * 1_000_000n;
    expect(parseTimeArgument("2026-06-01T12:30:05.123456789Z", context)).toBe(second + 123_456_789n);
    expect(parseTimeArgument("2026-06-01T12:30:05.123456789", context)).toBe(second + 123_456_789n);
  });

  it.each([
    [
      "a time that occurs twice is the earlier",
      "Europe/Paris",
      "2026-10-25T02:30",
      "2026-10-25T00:30:00.000Z",
    ],
    [
      "one that does not exist is the next that does",
      "Europe/Paris",
      "2026-03-29T02:30",
      "2026-03-29T01:00:00.000Z",
    ],
    ["its fraction is gone with it", "Europe/Paris", "2026-03-29T02:30:00.5", "2026-03-29T01:00:00.000Z"],
    ["a midnight that does not exist", "Africa/Cairo", "2023-04-28", "2023-04-27T22:00:00.000Z"],
    ["a day that was left out", "Pacific/Apia", "2011-12-30T12:00", "2011-12-30T10:00:00.000Z"],
  ])("takes local time by the zone: %s", (_rule, timeZone, text, expected) => {
    expect(iso(parseTimeArgument(text, { now, timeZone }))).toBe(expected);
  });

  it.each([
    // Clocks in Paris were set forward on this day: the day before yesterday's midnight is 23 hours and a day away.
    ["2026-03-29T12:00:00Z", "Europe/Paris", "yesterday", "2026-03-27T23:00:00.000Z"],
    ["2026-03-30T12:00:00Z", "Europe/Paris", "yesterday", "2026-03-28T23:00:00.000Z"],
    ["2026-03-30T22:30:00Z", "Europe/Paris", "yesterday", "2026-03-29T22:00:00.000Z"],
    ["2026-03-29T12:00:00Z", "Europe/Paris", "14:00", "2026-03-29T12:00:00.000Z"],
    ["2026-03-29T12:00:00Z", "Europe/Paris", "14:01", "2026-03-28T13:01:00.000Z"],
    ["2026-06-15T00:30:00Z", "Pacific/Auckland", "12:00", "2026-06-15T00:00:00.000Z"],
  ])("knows at %s in %s what %s is", (at, timeZone, text, expected) => {
    expect(iso(parseTimeArgument(text, { now: Date.parse(at), timeZone }))).toBe(expected);
  });

  it.each([
    ...[
      "",
      "soon",
      "1000000",
      "-5",
      "5x",
      "1.5h",
      "2 h",
      "24:00",
      "12:60",
      "12:00:60",
      "2026-13-01",
      "2026-02-29",
    ],
    ...["2026-06-01T25:00", "2026-06-01T12", "9999999999999d", "2026-06-01T12:30:05+2", "Yesterday", "١٢"],
  ])("refuses %j and says what it takes", (text) => {
    expect(() => parseTimeArgument(text, context)).toThrow(expect.objectContaining({ code: "BAD_TIME" }));
    expect(() => parseTimeArgument(text, context)).toThrow(/RFC 3339/);
  });

  it("never throws anything but its own error, and never gives a future time of day", () => {
    const texts = fc.oneof(fc.string(), fc.stringMatching(/^[0-9:TZ+.smhd -]{1,25}$/));
    fc.assert(
      fc.property(texts, (text) => {
        try {
          parseTimeArgument(text, context);
        } catch (error) {
          expect(error).toMatchObject({ name: "QueryError", code: "BAD_TIME" });
        }
      }),
    );
    fc.assert(
      fc.property(
        fc.nat(23),
        fc.nat(59),
        fc.constantFrom("UTC", "Asia/Tokyo", "America/Denver"),
        (hour, minute, zone) => {
          const text = `${hour}:${String(minute).padStart(2, "0")}`;
          const at = Number(parseTimeArgument(text, { now, timeZone: zone }) / 1_000_000n);
          expect(at).toBeLessThanOrEqual(now);
          expect(at).toBeGreaterThan(now - 86_400_000);
        },
      ),
    );
  });
});
