import { describe, expect, it } from "vitest";
import { asIfUtc, midnight, openZone, type WallTime } from "./zone.js";

const minuteMs = 60_000;

/** Days on which the clocks of a zone are changed: set forward, set back, by half an hour, at midnight, by a day. */
const days = [
  ["Europe/Paris", "2026-03-29"],
  ["Europe/Paris", "2026-10-25"],
  ["America/New_York", "2026-03-08"],
  ["America/New_York", "2026-11-01"],
  ["Australia/Lord_Howe", "2026-04-05"],
  ["Australia/Lord_Howe", "2026-10-04"],
  ["America/Sao_Paulo", "2018-11-04"],
  ["Africa/Cairo", "2023-04-28"],
  ["America/St_Johns", "2006-10-29"],
  ["Antarctica/Troll", "2026-03-29"],
  ["Pacific/Apia", "2011-12-30"],
  ["Asia/Kathmandu", "2026-06-01"],
  ["UTC", "2026-01-01"],
] as const;

/** Every minute of the days around one, with what the clocks show, by another way than the code under test. */
function showTimes(zone: string, day: string): { instant: number; shown: string }[] {
  const format = new Intl.DateTimeFormat("sv-SE", {
    timeZone: zone,
    dateStyle: "short",
    timeStyle: "medium",
  });
  const middle = Date.parse(`${day}T12:00:00Z`);
  return Array.from({ length: 5 * 24 * 60 }, (_, at) => {
    const instant = middle + (at - 2.5 * 24 * 60) * minuteMs;
    return { instant, shown: format.format(instant) };
  });
}

function wallOf(text: string): WallTime {
  const [year, month, day, hour, minute, second] = text.split(/\D/).map(Number);
  return { year, month, day, hour, minute, second } as WallTime;
}

describe("a zone", () => {
  it.each(days)(
    "%s gives every local time around %s the instant that trying all minutes gives",
    (name, day) => {
      const zone = openZone(name);
      const times = showTimes(name, day);
      const from = Date.parse(`${day}T00:00:00Z`) - 18 * 60 * minuteMs;
      for (let at = 0; at < 60 * 60; at += 5) {
        const text = new Date(from + at * minuteMs).toISOString().slice(0, 19).replace("T", " ");
        // The first minute at which the clocks show this time, or where they skip it, a later one.
        const expected = times.find(({ shown }) => shown >= text)!.instant;
        expect([text, zone.instantOf(wallOf(text))]).toEqual([text, expected]);
      }
    },
  );

  it.each(days)("%s shows the wall time of every hour around %s", (name, day) => {
    const zone = openZone(name);
    for (const { instant, shown } of showTimes(name, day).filter((_, at) => at % 60 === 0)) {
      expect(asIfUtc(zone.wallTimeAt(instant))).toBe(Date.parse(`${shown.replace(" ", "T")}Z`));
    }
  });

  it("is that of this machine when no name is given", () => {
    expect(openZone().name).toBe(Intl.DateTimeFormat().resolvedOptions().timeZone);
  });

  it("that nobody knows is refused by its name", () => {
    expect(() => openZone("Mars/Olympus")).toThrow(expect.objectContaining({ code: "BAD_TIME_ZONE" }));
    expect(() => openZone("Mars/Olympus")).toThrow("Mars/Olympus");
  });

  it("knows years of one digit, and those before our era", () => {
    const zone = openZone("UTC");
    const wall = { year: 7, month: 2, day: 3, hour: 4, minute: 5, second: 6 };
    expect(zone.wallTimeAt(zone.instantOf(wall))).toEqual(wall);
    expect(zone.wallTimeAt(Date.parse("-000043-03-15T12:00:00Z"))).toMatchObject({
      year: -43,
      month: 3,
      day: 15,
    });
  });
});

describe("midnight", () => {
  it.each([
    ["2026-03-01 14:00:00", -1, "2026-02-28 00:00:00"],
    ["2024-02-28 23:59:59", 1, "2024-02-29 00:00:00"],
    ["2026-01-01 00:00:00", -1, "2025-12-31 00:00:00"],
  ])("of %s and %i days on is %s", (wall, days, expected) => {
    expect(midnight(wallOf(wall), days)).toEqual(wallOf(expected));
  });
});
