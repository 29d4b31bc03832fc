import { parseTimestamp } from "@prodigy-events/schema";
import { QueryError } from "../errors.js";
import { asIfUtc, midnight, openZone, type WallTime, type Zone } from "./zone.js";

/** What a time argument is relative to. */
export interface TimeContext {
  /** The present, in milliseconds since the Unix epoch. */
  readonly now: number;
  /** IANA name of the zone that local times are in; without it, the zone of this machine. */
  readonly timeZone?: string | undefined;
}

const nanosPerMs = 1_000_000n;
const unitMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const localPattern = /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?)?$/;

/**
 * Reads a time as people type it, and gives nanoseconds since the Unix epoch. Understood are
 *
 * - `30`: a bare number of up to six digits is minutes ago;
 * - `90s`, `30m`, `2h`, `7d`: that long ago (a day is 24 hours);
 * - `yesterday`: the last midnight but one, `today`: the last midnight, `now`;
 * - `14:05`, `14:05:30`: that time of day, today's, or yesterday's where today's is still to come;
 * - RFC 3339 with an offset, and without one as local time, which may leave out the seconds or the whole time of day.
 *
 * A local time that occurs twice (clocks set back) is the earlier one; one that does not exist is the next that does.
 *
 * @throws QueryError `BAD_TIME` for anything else, `BAD_TIME_ZONE` for an unknown zone
 */
export function parseTimeArgument(text: string, context: TimeContext): bigint {
  const argument = text.trim();
  const ago = /^(\d+)([smhd])$/.exec(argument) ?? (/^\d{1,6}$/.test(argument) ? ["", argument, "m"] : null);
  if (ago) return relativeTime(Number(ago[1]), ago[2] as keyof typeof unitMs, text, context);
  if (argument === "now") return BigInt(Math.floor(context.now)) * nanosPerMs;

  const zoned = parseTimestamp(argument);
  if (zoned !== undefined) return zoned;

  const zone = openZone(context.timeZone);
  const local =
    namedDay(argument, zone, context) ?? timeOfDay(argument, zone, context) ?? localTime(argument, zone);
  if (local === undefined) throw badTime(text);
  return local;
}

function relativeTime(amount: number, unit: keyof typeof unitMs, text: string, context: TimeContext): bigint {
  const ms = Math.floor(context.now) - amount * unitMs[unit];
  if (!Number.isSafeInteger(ms) || ms < -8_640_000_000_000_000) throw badTime(text);
  return BigInt(ms) * nanosPerMs;
}

function namedDay(argument: string, zone: Zone, context: TimeContext): bigint | undefined {
  if (argument !== "yesterday" && argument !== "today") return undefined;
  const day = midnight(zone.wallTimeAt(context.now), argument === "yesterday" ? -1 : 0);
  return BigInt(zone.instantOf(day)) * nanosPerMs;
}

function timeOfDay(argument: string, zone: Zone, context: TimeContext): bigint | undefined {
  const match = /^(\d{1,2}):(\d\d)(?::(\d\d))?$/.exec(argument);
  if (!match) return undefined;
  const time = { hour: Number(match[1]), minute: Number(match[2]), second: Number(match[3] ?? 0) };
  if (time.hour > 23 || time.minute > 59 || time.second > 59) return undefined;
  const now = zone.wallTimeAt(context.now);
  const today = zone.instantOf({ ...midnight(now), ...time });
  const instant = today <= context.now ? today : zone.instantOf({ ...midnight(now, -1), ...time });
  return BigInt(instant) * nanosPerMs;
}

function localTime(argument: string, zone: Zone): bigint | undefined {
  const match = localPattern.exec(argument);
  if (!match) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((digits) => Number(digits ?? 0));
  const wall = { year, month, day, hour, minute, second } as WallTime;
  if (!exists(wall)) return undefined;
  const instant = zone.instantOf(wall);
  const shown = asIfUtc(zone.wallTimeAt(instant)) === asIfUtc(wall);
  const fraction = shown ? BigInt((match[7] ?? "").slice(0, 9).padEnd(9, "0")) : 0n;
  return BigInt(instant) * nanosPerMs + fraction;
}

/** Whether the calendar has that day and the clock that time; a carry would show as another day or hour. */
function exists(wall: WallTime): boolean {
  const date = new Date(asIfUtc(wall));
  return (
    date.getUTCMonth() + 1 === wall.month &&
    date.getUTCDate() === wall.day &&
    wall.hour <= 23 &&
    wall.minute <= 59 &&
    wall.second <= 59
  );
}

function badTime(text: string): QueryError {
  return new QueryError(
    "BAD_TIME",
    `cannot read ${JSON.stringify(text)} as a time: give minutes (30), an age (90s, 30m, 2h, 7d), ` +
      "yesterday, a time of day (14:05) or RFC 3339 (2026-01-01T12:00:00Z)",
  );
}
