/** The time of a record. */

import { isDigit } from "./json";

/** The time that was read last: milliseconds since 1970, and the nanoseconds beyond them. */
export let timestampMs: f64 = 0;
export let timestampNanos: u32 = 0;

/** The first 16 bytes of the last timestamp, `1970-01-01T00:00` at first, and the time they stand for. */
let minute: v128 = i8x16(
  0x31,
  0x39,
  0x37,
  0x30,
  0x2d,
  0x30,
  0x31,
  0x2d,
  0x30,
  0x31,
  0x54,
  0x30,
  0x30,
  0x3a,
  0x30,
  0x30,
);
let minuteMs: f64 = 0;

/**
 * A timestamp `YYYY-MM-DDTHH:MM:SS.f…Z` with up to nine digits of a fraction, from its opening quote on. Returns where
 * it ends, or 0 if it is not that.
 */
export function readTimestamp(p: usize): usize {
  if (load<u8>(p) != 0x22) return 0;
  p++;
  const text = v128.load(p);
  if (!i8x16.all_true(i8x16.eq(text, minute)) && !readMinute(p)) return 0;
  minute = text;
  const seconds = twoDigits(p + 17);
  if (load<u8>(p, 16) != 0x3a || seconds > 59) return 0;
  p += 19;
  let fraction: u32 = 0;
  let digits = 0;
  if (load<u8>(p) == 0x2e) {
    for (p++; isDigit(load<u8>(p)); p++) {
      if (++digits > 9) return 0;
      fraction = fraction * 10 + (load<u8>(p) - 0x30);
    }
    if (digits == 0) return 0;
    for (let missing = digits; missing < 9; missing++) fraction *= 10;
  }
  if (load<u8>(p) != 0x5a || load<u8>(p, 1) != 0x22) return 0;
  timestampMs = minuteMs + (seconds * 1000 + fraction / 1000000);
  timestampNanos = fraction % 1000000;
  return p + 2;
}

/** Two digits as a number; over 99 if they are none. */
function twoDigits(p: usize): u32 {
  const tens = (load<u8>(p) as u32) - 0x30;
  const ones = (load<u8>(p, 1) as u32) - 0x30;
  return tens > 9 || ones > 9 ? 100 : tens * 10 + ones;
}

function readMinute(p: usize): bool {
  const century = twoDigits(p);
  const yearOfCentury = twoDigits(p + 2);
  const month = twoDigits(p + 5);
  const day = twoDigits(p + 8);
  const hours = twoDigits(p + 11);
  const minutes = twoDigits(p + 14);
  const isShaped =
    load<u8>(p, 4) == 0x2d && load<u8>(p, 7) == 0x2d && load<u8>(p, 10) == 0x54 && load<u8>(p, 13) == 0x3a;
  if (!isShaped || century > 99 || yearOfCentury > 99 || month - 1 > 11 || hours > 23 || minutes > 59)
    return false;
  const year = century * 100 + yearOfCentury;
  const isLeap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  const days: u32 = month == 2 ? (isLeap ? 29 : 28) : 30 + ((month + (month >> 3)) & 1);
  if (day - 1 >= days) return false;
  minuteMs = ((((daysSince1970(year, month, day) as i64) * 24 + hours) * 60 + minutes) as f64) * 60000;
  return true;
}

/** Counts from the first of March of the year 0, so that the leap day ends a year. */
function daysSince1970(year: i32, month: i32, day: i32): i32 {
  const shifted = year - (month <= 2 ? 1 : 0);
  const era = (shifted >= 0 ? shifted : shifted - 399) / 400;
  const yearOfEra = shifted - era * 400;
  const dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719468;
}
