import { describe, expect, it } from "vitest";
import { createTimeFormat, formatRelative, type TimeForm } from "./time-format.js";

const nowMs = Date.parse("2026-01-01T12:00:00Z");
const timestamp = "2026-01-01T11:56:40.123Z";
const format = (form: TimeForm, zone: string, hasOffset: boolean) =>
  createTimeFormat({ form, zone, hasOffset, nowMs });

describe("createTimeFormat", () => {
  it.each([
    ["local", "UTC", false, "2026-01-01 11:56:40.123"],
    ["local", "Europe/Berlin", false, "2026-01-01 12:56:40.123"],
    ["local", "Europe/Berlin", true, "2026-01-01 12:56:40.123+01:00"],
    ["local", "America/St_Johns", true, "2026-01-01 08:26:40.123-03:30"],
    ["local", "UTC", true, "2026-01-01 11:56:40.123+00:00"],
    ["iso", "UTC", false, "2026-01-01T11:56:40.123Z"],
    ["iso", "Asia/Tokyo", false, "2026-01-01T20:56:40.123+09:00"],
    ["relative", "UTC", false, "3m 19s ago"],
    ["raw", "Asia/Tokyo", false, timestamp],
  ] as const)("shows a time as %s in %s (with offset: %s) as %s", (form, zone, hasOffset, shown) => {
    expect(format(form, zone, hasOffset).format(timestamp)).toBe(shown);
  });

  it("follows daylight saving time", () => {
    const { format: show } = format("local", "Europe/Berlin", true);
    expect(show("2026-03-29T00:59:59.000Z")).toBe("2026-03-29 01:59:59.000+01:00");
    expect(show("2026-03-29T01:00:00.000Z")).toBe("2026-03-29 03:00:00.000+02:00");
    expect(show("2026-10-25T00:59:59.000Z")).toBe("2026-10-25 02:59:59.000+02:00");
    expect(show("2026-10-25T01:00:00.000Z")).toBe("2026-10-25 02:00:00.000+01:00");
  });

  it("reads foreign timestamps and shows what it cannot read as it is", () => {
    const { format: show } = format("local", "UTC", false);
    expect(show("2026-01-01T12:00:00.123456789+01:00")).toBe("2026-01-01 11:00:00.123");
    expect(show("2026-01-01T12:00:00Z")).toBe("2026-01-01 12:00:00.000");
    expect(show("yesterday")).toBe("yesterday");
  });

  it("shows consecutive records of one second, and records out of order, as if each came alone", () => {
    const { format: show } = format("local", "Asia/Kolkata", true);
    const times = ["10.001Z", "10.999Z", "11.000Z", "10.500Z", "10.5Z"].map(
      (end) => `2026-01-01T11:59:${end}`,
    );
    expect(times.map(show)).toEqual(times.map((time) => format("local", "Asia/Kolkata", true).format(time)));
    expect(show("2026-01-01T11:59:10.001Z")).toBe("2026-01-01 17:29:10.001+05:30");
  });

  it("says the zone once, where the times do not", () => {
    expect(format("local", "Europe/Berlin", false).heading).toBe("times in Europe/Berlin (UTC+01:00)");
    expect(format("local", "UTC", false).heading).toBe("times in UTC");
    expect(format("local", "UTC", true).heading).toBeUndefined();
    expect(format("raw", "UTC", false).heading).toBeUndefined();
  });

  it("names an unknown zone", () => {
    expect(() => format("local", "Mars/Olympus", false)).toThrow('unknown time zone "Mars/Olympus"');
  });
});

describe("formatRelative", () => {
  it.each([
    [0, "0s ago"],
    [999, "0s ago"],
    [12_000, "12s ago"],
    [60_000, "1m ago"],
    [3_725_000, "1h 2m ago"],
    [90_000_000, "1d 1h ago"],
    [-5000, "in 5s"],
  ])("says %i ms as %s", (elapsed, said) => {
    expect(formatRelative(elapsed)).toBe(said);
  });
});
