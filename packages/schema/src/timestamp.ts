const nanosPerSecond = 1_000_000_000n;
const nanosPerMs = 1_000_000n;
const secondsPerDay = 86_400;

/** Length of the form that our writers use: `2026-01-01T12:00:00.000Z`. */
export const canonicalTimestampLength = 24;

/**
 * The instant that an RFC 3339 timestamp names, in nanoseconds since the Unix epoch; undefined if it is none.
 *
 * Any number of fraction digits (those past the ninth are cut), `Z` or a numeric offset, lower-case `t` and `z`, a
 * space instead of `T`. A leap second (`:60`) is the second after `:59`. The date must exist, and a text without
 * an offset names no instant.
 */
export function parseTimestamp(text: string): bigint | undefined {
  if (!isTimestamp(text)) return undefined;
  return BigInt(epochSecondsOf(text)) * nanosPerSecond + BigInt(nanosOf(text));
}

/** Whether `parseTimestamp` accepts the text; cheaper. */
export function isTimestamp(text: string): boolean {
  return hasDateAndTime(text) && hasOffsetAt(text, endOfFraction(text));
}

/**
 * RFC 3339 in UTC: with milliseconds when they say it all, else with nanoseconds.
 *
 * Outside the years 0 to 9999 the year takes the sign and six digits of ISO 8601, which RFC 3339 lacks. Throws
 * RangeError beyond the 275,000 years either way that `Date` reaches.
 */
export function formatTimestamp(epochNanos: bigint): string {
  const belowMs = ((epochNanos % nanosPerMs) + nanosPerMs) % nanosPerMs;
  const text = new Date(Number((epochNanos - belowMs) / nanosPerMs)).toISOString();
  return belowMs === 0n ? text : `${text.slice(0, -1)}${String(belowMs).padStart(6, "0")}Z`;
}

/**
 * Compares two timestamps as instants, exact to the nanosecond: negative, zero or positive, for `sort`. Both must
 * be valid, as they are in a decoded record.
 *
 * Two canonical texts compare as text, which is what makes merging millions of records cheap.
 */
export function compareTimestamps(a: string, b: string): number {
  if (sortsAsText(a) && sortsAsText(b)) return a < b ? -1 : a > b ? 1 : 0;
  return epochSecondsOf(a) - epochSecondsOf(b) || nanosOf(a) - nanosOf(b);
}

/** Canonical, and not a leap second: that one shares its instant with the first second of the next minute. */
function sortsAsText(text: string): boolean {
  return (
    text.length === canonicalTimestampLength &&
    text.charCodeAt(10) === code.T &&
    text.charCodeAt(17) < code.six &&
    text.charCodeAt(19) === code.dot &&
    text.charCodeAt(23) === code.Z
  );
}

/**
 * The fixed columns `YYYY-MM-DDThh:mm:ss`. By hand, not by a regular expression, because every record that is read
 * passes here. A column that is no number is NaN and fails its comparison.
 */
function hasDateAndTime(text: string): boolean {
  const year = yearOf(text);
  const month = twoDigits(text, 5);
  const day = twoDigits(text, 8);
  return (
    year >= 0 &&
    day >= 1 &&
    day <= daysInMonth(year, month) &&
    twoDigits(text, 11) <= 23 &&
    twoDigits(text, 14) <= 59 &&
    twoDigits(text, 17) <= 60 &&
    text.charCodeAt(4) === code.dash &&
    text.charCodeAt(7) === code.dash &&
    isDateTimeSeparator(text.charCodeAt(10)) &&
    text.charCodeAt(13) === code.colon &&
    text.charCodeAt(16) === code.colon
  );
}

/** Index after the fraction; 19 if there is none. A lone dot is none: it stands where no offset begins. */
function endOfFraction(text: string): number {
  if (text.charCodeAt(19) !== code.dot) return 19;
  let end = 20;
  while (isDigit(text.charCodeAt(end))) end++;
  return end === 20 ? 19 : end;
}

/** Whether an offset, and nothing after it, stands at an index. */
function hasOffsetAt(text: string, index: number): boolean {
  const first = text.charCodeAt(index);
  if (first === code.Z || first === code.z) return text.length === index + 1;
  return (
    (first === code.plus || first === code.dash) &&
    text.length === index + 6 &&
    text.charCodeAt(index + 3) === code.colon &&
    twoDigits(text, index + 1) <= 23 &&
    twoDigits(text, index + 4) <= 59
  );
}

/** Whole seconds since the epoch, rounded down, of a valid timestamp. */
function epochSecondsOf(text: string): number {
  const days = daysSinceEpoch(yearOf(text), twoDigits(text, 5), twoDigits(text, 8));
  const seconds = twoDigits(text, 11) * 3600 + twoDigits(text, 14) * 60 + twoDigits(text, 17);
  return days * secondsPerDay + seconds - offsetSecondsOf(text);
}

/** Seconds east of UTC of a valid timestamp. */
function offsetSecondsOf(text: string): number {
  const start = text.length - 6;
  if (text.charCodeAt(start + 3) !== code.colon || text.charCodeAt(text.length - 1) > code.nine) return 0;
  const seconds = twoDigits(text, start + 1) * 3600 + twoDigits(text, start + 4) * 60;
  return text.charCodeAt(start) === code.dash ? -seconds : seconds;
}

/** Nanoseconds within the second of a valid timestamp. */
function nanosOf(text: string): number {
  if (text.charCodeAt(19) !== code.dot) return 0;
  let nanos = 0;
  for (let index = 20, weight = 100_000_000; weight >= 1; index++, weight /= 10) {
    const charCode = text.charCodeAt(index);
    if (!isDigit(charCode)) break;
    nanos += (charCode - code.zero) * weight;
  }
  return nanos;
}

/**
 * Days since 1970-01-01 in the Gregorian calendar. The year is taken to begin in March, so that the leap day is its
 * last and the months before it have a regular length of 153 days in five. (`Date.UTC` is slower, and takes the
 * years 0 to 99 for 1900 to 1999.)
 */
function daysSinceEpoch(year: number, month: number, day: number): number {
  const marchYear = month > 2 ? year : year - 1;
  const leapDays = Math.floor(marchYear / 4) - Math.floor(marchYear / 100) + Math.floor(marchYear / 400);
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  return marchYear * 365 + leapDays + dayOfYear - daysBefore1970;
}

/** Days from the 1 March of the year 0 to 1970-01-01. */
const daysBefore1970 = 719_468;

/** NaN for a month that does not exist. */
function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  if (month === 4 || month === 6 || month === 9 || month === 11) return 30;
  return month >= 1 && month <= 12 ? 31 : Number.NaN;
}

function yearOf(text: string): number {
  return twoDigits(text, 0) * 100 + twoDigits(text, 2);
}

/** NaN unless both characters are digits. */
function twoDigits(text: string, index: number): number {
  const tens = text.charCodeAt(index);
  const ones = text.charCodeAt(index + 1);
  return isDigit(tens) && isDigit(ones) ? (tens - code.zero) * 10 + ones - code.zero : Number.NaN;
}

function isDigit(charCode: number): boolean {
  return charCode >= code.zero && charCode <= code.nine;
}

function isDateTimeSeparator(charCode: number): boolean {
  return charCode === code.T || charCode === code.t || charCode === code.space;
}

const code = {
  space: 0x20,
  plus: 0x2b,
  dash: 0x2d,
  dot: 0x2e,
  zero: 0x30,
  six: 0x36,
  nine: 0x39,
  colon: 0x3a,
  T: 0x54,
  Z: 0x5a,
  t: 0x74,
  z: 0x7a,
} as const;
