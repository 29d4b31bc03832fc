import { QueryError } from "../errors.js";

/** A date and time of day as a clock on the wall shows it, without a zone. `month` is 1–12. */
export interface WallTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

/** A time zone's rules, from the runtime's own data: wall time of an instant, and the way back. */
export interface Zone {
  readonly name: string;
  /** The wall time at an instant (milliseconds since the Unix epoch). */
  wallTimeAt(epochMs: number): WallTime;
  /**
   * The instant at which clocks show `wall`, in milliseconds since the Unix epoch. A wall time that occurs twice
   * is the earlier one; one that does not exist is the next instant at which clocks show an existing time.
   */
  instantOf(wall: WallTime): number;
}

const hourMs = 3_600_000;
/** No zone is or was more than 26 hours from another one, so that a transition's both offsets lie in this reach. */
const reachMs = 36 * hourMs;

/** Opens a zone by its IANA name (`Europe/Paris`, `UTC`); without a name, the zone of this machine. */
export function openZone(name?: string): Zone {
  const formatter = wallFormatter(name);

  function wallTimeAt(epochMs: number): WallTime {
    const wall = { year: 0, month: 1, day: 1, hour: 0, minute: 0, second: 0 };
    let beforeChrist = false;
    for (const part of formatter.formatToParts(epochMs)) {
      if (part.type === "era") beforeChrist = part.value.startsWith("B");
      else if (part.type in wall) wall[part.type as keyof WallTime] = Number(part.value);
    }
    if (beforeChrist) wall.year = 1 - wall.year;
    return wall;
  }

  function offsetAt(epochMs: number): number {
    return asIfUtc(wallTimeAt(epochMs)) - Math.floor(epochMs / 1000) * 1000;
  }

  function instantOf(wall: WallTime): number {
    const naive = asIfUtc(wall);
    const offsets = new Set<number>();
    for (let at = naive - reachMs; at <= naive + reachMs; at += 3 * hourMs) offsets.add(offsetAt(at));
    const instants = [...offsets].map((offset) => naive - offset);
    const existing = instants.filter((instant) => asIfUtc(wallTimeAt(instant)) === naive);
    return existing.length > 0
      ? Math.min(...existing)
      : transitionBetween(Math.min(...instants), Math.max(...instants), naive);
  }

  /** The clocks jump over `naive` somewhere in (from, to]: the first instant at which they show a later time. */
  function transitionBetween(from: number, to: number, naive: number): number {
    let before = Math.floor(from / 1000);
    let after = Math.ceil(to / 1000);
    while (after - before > 1) {
      const middle = Math.floor((before + after) / 2);
      if (asIfUtc(wallTimeAt(middle * 1000)) > naive) after = middle;
      else before = middle;
    }
    return after * 1000;
  }

  return { name: formatter.resolvedOptions().timeZone, wallTimeAt, instantOf };
}

function wallFormatter(timeZone: string | undefined): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat("en-US", {
      ...(timeZone === undefined ? {} : { timeZone }),
      calendar: "gregory",
      numberingSystem: "latn",
      hourCycle: "h23",
      era: "short",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
  } catch (cause) {
    throw new QueryError(
      "BAD_TIME_ZONE",
      `unknown time zone ${JSON.stringify(timeZone)}: give an IANA name such as Europe/Paris or UTC`,
      { cause },
    );
  }
}

/** The instant at which a clock in UTC would show `wall`. Days outside their month carry over. */
export function asIfUtc(wall: WallTime): number {
  const date = new Date(0);
  date.setUTCFullYear(wall.year, wall.month - 1, wall.day);
  date.setUTCHours(wall.hour, wall.minute, wall.second, 0);
  return date.getTime();
}

/** The calendar day `days` after that of `wall`, at midnight. */
export function midnight(wall: WallTime, days = 0): WallTime {
  const date = new Date(asIfUtc({ ...wall, hour: 0, minute: 0, second: 0 }) + days * 24 * hourMs);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: 0,
    minute: 0,
    second: 0,
  };
}
