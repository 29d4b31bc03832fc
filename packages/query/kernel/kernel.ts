/**
 * Reads lines of JSON and says what the wanted columns of each record are: AssemblyScript, compiled to WebAssembly with
 * SIMD. It decides only lines that it has read to their end and found to be records, byte for byte as JSON demands;
 * every other line is left to the caller, who parses it. The input is UTF-8, checked by the caller, and ends with a
 * line feed, which ends every line whatever stands before it: nothing beyond it is looked at but for whole vectors.
 *
 * It looks like TypeScript and is not (types are of the machine, `==` compares numbers, literals have 64 bits): it is
 * formatted like the rest, and linted by its compiler.
 */

/** What a row says of its line. */
const undecided: u8 = 0;
const decided: u8 = 1;

/** The columns with texts, by their place in a mask and in the table of dictionaries. */
const typeColumn: u32 = 0;
const jobColumn: u32 = 1;
const agentColumn: u32 = 2;
const itemColumn: u32 = 3;
const correlationColumn: u32 = 4;
const producerColumn: u32 = 5;
const columnCount: u32 = 6;

/** A column's text that is not there, and one for which its dictionary has no more room. */
const absent: u32 = 0;
const unlisted: u32 = 0xffffffff;

/**
 * A dictionary: slots of a hash table, each the code of an entry; per code where its text is and how long. What is not
 * used of it is not touched, and takes no memory.
 */
export const maxEntries: u32 = 1 << 16;
const slotCount: u32 = maxEntries << 1;
const arenaBytes: u32 = 2 << 20;
const dictionaryBytes: u32 = slotCount * 4 + maxEntries * 8 + arenaBytes;
/** Longer texts are no ids that anybody groups by or asks for: they would use up the room. */
const maxTextBytes: u32 = 1024;
/** Slots looked at for one text. Honest texts need a few; texts made to fall together are not listed beyond that. */
const maxProbes: u32 = 256;

const dictionaries: usize = heap.alloc(dictionaryBytes * columnCount); // zeros, as all memory at the start
const entryCounts = new StaticArray<u32>(columnCount);
const arenaUsed = new StaticArray<u32>(columnCount);

/** Of the row that is being read. */
let escaped: bool = false;
let rowMs: f64 = 0;
let rowNanos: u32 = 0;
let rowSequence: f64 = -1;
const rowCodes = new StaticArray<u32>(columnCount);

/** Where reading stopped, because the input or the room for rows ended. */
export let stoppedAt: usize = 0;

/** Memory for the caller: the input, and the columns of rows. */
export function allocate(bytes: usize): usize {
  return heap.alloc(bytes);
}

/** The code of a text, which is entered if there is room; `unlisted`, then and ever after, if there is none. */
export function intern(column: u32, start: usize, length: u32): u32 {
  if (length > maxTextBytes) return unlisted;
  const slots = dictionaries + column * dictionaryBytes;
  const entries = slots + slotCount * 4;
  let slot = hash(start, length) & (slotCount - 1);
  for (let probes: u32 = 0; ; probes++) {
    if (probes == maxProbes) return unlisted;
    const code = load<u32>(slots + (slot << 2));
    if (code == 0) break;
    const entry = entries + ((code - 1) << 3);
    if (load<u32>(entry, 4) == length && memory.compare(load<u32>(entry), start, length) == 0) return code;
    slot = (slot + 1) & (slotCount - 1);
  }
  const used = unchecked(arenaUsed[column]);
  const count = unchecked(entryCounts[column]);
  if (count == maxEntries || used + length > arenaBytes) return unlisted;
  const place = entries + maxEntries * 8 + used;
  memory.copy(place, start, length);
  store<u32>(entries + (count << 3), place as u32);
  store<u32>(entries + (count << 3), length, 4);
  store<u32>(slots + (slot << 2), count + 1);
  unchecked((entryCounts[column] = count + 1));
  unchecked((arenaUsed[column] = used + length));
  return count + 1;
}

/** Where the text of a code stands, and its length. */
export function textStart(column: u32, code: u32): u32 {
  return load<u32>(dictionaries + column * dictionaryBytes + slotCount * 4 + ((code - 1) << 3));
}
export function textLength(column: u32, code: u32): u32 {
  return load<u32>(dictionaries + column * dictionaryBytes + slotCount * 4 + ((code - 1) << 3), 4);
}

function hash(start: usize, length: u32): u32 {
  let h: u64 = length * 0x9e3779b97f4a7c15;
  let p = start;
  const end = start + length;
  for (; p + 8 <= end; p += 8) h = rotl<u64>((h ^ load<u64>(p)) * 0x9fb21c651e98df25, 29);
  for (; p < end; p++) h = (h ^ load<u8>(p)) * 0x100000001b3;
  h ^= h >> 32;
  return (h ^ (h >> 15)) as u32;
}

/** The end of the line that `p` is in: its line feed. */
function lineFeed(p: usize): usize {
  const feed = i8x16.splat(0x0a);
  while (true) {
    const found = i8x16.bitmask(i8x16.eq(v128.load(p), feed));
    if (found != 0) return p + ctz(found);
    p += 16;
  }
}

// Each of the following reads something from its first byte on and returns where it ends, or 0 if it is not that.

/** What stands in a text, after its opening quote, and its closing quote. */
function readString(p: usize): usize {
  const quote = i8x16.splat(0x22);
  const backslash = i8x16.splat(0x5c);
  const space = i8x16.splat(0x20);
  while (true) {
    const bytes = v128.load(p);
    const ends = v128.or(
      v128.or(i8x16.eq(bytes, quote), i8x16.eq(bytes, backslash)),
      i8x16.lt_u(bytes, space),
    );
    const found = i8x16.bitmask(ends);
    if (found == 0) {
      p += 16;
      continue;
    }
    p += ctz(found);
    const byte = load<u8>(p);
    if (byte == 0x22) return p + 1;
    if (byte != 0x5c) return 0;
    escaped = true;
    p = readEscape(p + 1);
    if (p == 0) return 0;
  }
}

function readEscape(p: usize): usize {
  const byte = load<u8>(p);
  if (byte == 0x75) {
    for (let at: usize = 1; at <= 4; at++) if (!isHexDigit(load<u8>(p + at))) return 0;
    return p + 5;
  }
  const isSimple =
    byte == 0x22 ||
    byte == 0x5c ||
    byte == 0x2f ||
    byte == 0x62 ||
    byte == 0x66 ||
    byte == 0x6e ||
    byte == 0x72 ||
    byte == 0x74;
  return isSimple ? p + 1 : 0;
}

function isHexDigit(byte: u8): bool {
  return isDigit(byte) || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x66);
}

function isDigit(byte: u8): bool {
  return byte >= 0x30 && byte <= 0x39;
}

function readDigits(p: usize): usize {
  if (!isDigit(load<u8>(p))) return 0;
  do p++;
  while (isDigit(load<u8>(p)));
  return p;
}

function readNumber(p: usize): usize {
  if (load<u8>(p) == 0x2d) p++;
  if (load<u8>(p) == 0x30) p++;
  else p = readDigits(p);
  if (p != 0 && load<u8>(p) == 0x2e) p = readDigits(p + 1);
  if (p != 0 && (load<u8>(p) | 0x20) == 0x65) {
    p++;
    if (load<u8>(p) == 0x2b || load<u8>(p) == 0x2d) p++;
    p = readDigits(p);
  }
  return p;
}

function readKey(p: usize): usize {
  if (load<u8>(p) != 0x22) return 0;
  p = readString(p + 1);
  return p != 0 && load<u8>(p) == 0x3a ? p + 1 : 0;
}

/** A value of any kind without white space, up to 60 levels deep. */
function readValue(p: usize): usize {
  let depth = 0;
  let isObject: u64 = 0;
  while (true) {
    const byte = load<u8>(p);
    if (byte == 0x22) {
      p = readString(p + 1);
    } else if (byte == 0x7b || byte == 0x5b) {
      if (load<u8>(p, 1) == byte + 2) {
        p += 2;
      } else {
        if (++depth > 60) return 0;
        isObject = (isObject << 1) | (byte == 0x7b ? 1 : 0);
        p = byte == 0x7b ? readKey(p + 1) : p + 1;
        if (p == 0) return 0;
        continue;
      }
    } else if (byte == 0x2d || isDigit(byte)) {
      p = readNumber(p);
    } else if (load<u32>(p) == 0x65757274 || load<u32>(p) == 0x6c6c756e) {
      p += 4; // true, null
    } else if (load<u32>(p) == 0x736c6166 && load<u8>(p, 4) == 0x65) {
      p += 5; // false
    } else {
      return 0;
    }
    if (p == 0) return 0;
    while (true) {
      if (depth == 0) return p;
      const next = load<u8>(p++);
      if (next == 0x2c) {
        if ((isObject & 1) != 0) p = readKey(p);
        if (p == 0) return 0;
        break;
      }
      if (next != ((isObject & 1) != 0 ? 0x7d : 0x5d)) return 0;
      depth--;
      isObject >>= 1;
    }
  }
}

/** A text without escapes, from its opening quote on, which becomes the column's value if the column is wanted. */
function readColumn(p: usize, column: u32, mask: u32): usize {
  if (load<u8>(p) != 0x22 || unchecked(rowCodes[column]) != absent) return 0;
  escaped = false;
  const end = readString(p + 1);
  if (end == 0 || escaped) return 0;
  const isWanted = ((mask >> column) & 1) != 0;
  unchecked((rowCodes[column] = isWanted ? intern(column, p + 1, (end - p - 2) as u32) : unlisted));
  return end;
}

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

/** A timestamp `YYYY-MM-DDTHH:MM:SS.f…Z` with up to nine digits of a fraction, from its opening quote on. */
function readTimestamp(p: usize): usize {
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
  rowMs = minuteMs + (seconds * 1000 + fraction / 1000000);
  rowNanos = fraction % 1000000;
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

/** A number; if it is a whole one of at most 15 digits, it becomes the sequence number. */
function readSequence(p: usize): usize {
  const byte = load<u8>(p);
  if (byte != 0x2d && !isDigit(byte)) return 0;
  const end = readNumber(p);
  if (end == 0) return 0;
  let value: f64 = 0;
  for (let at = p; at < end; at++) {
    if (!isDigit(load<u8>(at))) return 0;
    value = value * 10 + (load<u8>(at) - 0x30);
  }
  if (end - p > 15) return 0;
  rowSequence = value;
  return end;
}

const noColumn: u32 = columnCount;

/** The column of a key in `event`: `event_type`, `job_id`, `agent_id` or `item_id`. */
function eventColumn(key: usize, length: usize): u32 {
  if (length == 10 && load<u64>(key) == 0x79745f746e657665 && load<u16>(key, 8) == 0x6570) return typeColumn;
  if (length == 6 && load<u32>(key) == 0x5f626f6a && load<u16>(key, 4) == 0x6469) return jobColumn;
  if (length == 8 && load<u64>(key) == 0x64695f746e656761) return agentColumn;
  if (length == 7 && load<u32>(key) == 0x6d657469 && load<u32>(key, 3) == 0x64695f6d) return itemColumn;
  return noColumn;
}

/** The fields of `event` after its opening brace. */
function readEvent(p: usize, mask: u32): usize {
  while (true) {
    if (load<u8>(p) != 0x22) return 0;
    const key = p + 1;
    escaped = false;
    p = readKey(p);
    if (p == 0 || escaped) return 0;
    const column = eventColumn(key, p - key - 2);
    p = column == noColumn ? readValue(p) : readColumn(p, column, mask);
    if (p == 0) return 0;
    const next = load<u8>(p++);
    if (next == 0x7d) return unchecked(rowCodes[typeColumn]) == absent ? 0 : p;
    if (next != 0x2c) return 0;
  }
}

/**
 * The fields of `metadata` from its opening brace on. One that is called like a column of the event is not decided:
 * where the event lacks that field, grouping by its bare name means this one. The same goes for the record itself.
 */
function readMetadata(p: usize, mask: u32): usize {
  if (load<u8>(p) != 0x7b) return 0;
  if (load<u8>(p, 1) == 0x7d) return p + 2;
  p++;
  let hasSequence = false;
  while (true) {
    const key = p + 1;
    escaped = false;
    p = readKey(p);
    if (p == 0 || escaped) return 0;
    const length = p - key - 2;
    if (length == 11 && load<u64>(key) == 0x72656375646f7270 && load<u32>(key, 7) == 0x64695f72) {
      p = readColumn(p, producerColumn, mask);
    } else if (length == 8 && load<u64>(key) == 0x65636e6575716573) {
      if (hasSequence) return 0;
      hasSequence = true;
      p = readSequence(p);
    } else {
      p = eventColumn(key, length) == noColumn ? readValue(p) : 0;
    }
    if (p == 0) return 0;
    const next = load<u8>(p++);
    if (next == 0x7d) return p;
    if (next != 0x2c) return 0;
  }
}

const hasId: u32 = 1;
const hasTimestamp: u32 = 2;
const hasEvent: u32 = 4;
const hasMetadata: u32 = 8;

/** A record, up to and without the line feed. */
function readRecord(p: usize, mask: u32): usize {
  if (load<u8>(p++) != 0x7b) return 0;
  let seen: u32 = 0;
  while (true) {
    const key = p + 1;
    escaped = false;
    p = readKey(p);
    if (p == 0 || escaped) return 0;
    const length = p - key - 2;
    let field: u32 = 0;
    if (length == 2 && load<u16>(key) == 0x6469) {
      field = hasId;
      p = load<u8>(p) == 0x22 ? readString(p + 1) : 0;
    } else if (length == 9 && load<u64>(key) == 0x6d617473656d6974 && load<u8>(key, 8) == 0x70) {
      field = hasTimestamp;
      p = readTimestamp(p);
    } else if (length == 5 && load<u32>(key) == 0x6e657665 && load<u8>(key, 4) == 0x74) {
      field = hasEvent;
      p = load<u8>(p) == 0x7b ? readEvent(p + 1, mask) : 0;
    } else if (length == 8 && load<u64>(key) == 0x617461646174656d) {
      field = hasMetadata;
      p = readMetadata(p, mask);
    } else if (
      length == 14 &&
      load<u64>(key) == 0x74616c6572726f63 &&
      load<u64>(key, 6) == 0x64695f6e6f697461
    ) {
      p = readColumn(p, correlationColumn, mask);
    } else {
      p = eventColumn(key, length) == noColumn ? readValue(p) : 0;
    }
    if (p == 0 || (seen & field) != 0) return 0;
    seen |= field;
    const next = load<u8>(p++);
    if (next == 0x7d)
      return (seen & (hasId | hasTimestamp | hasEvent)) == (hasId | hasTimestamp | hasEvent) ? p : 0;
    if (next != 0x2c) return 0;
  }
}

/**
 * Reads the lines from `start` up to `end`, which is after a line feed, into at most `maxRows` rows of the columns that
 * begin at `rows`: line starts and ends (u32), times (f64), nanoseconds (u32), sequence numbers (f64), states (u8) and
 * the codes of the columns with texts (u32) that `mask` asks for. Returns the number of rows.
 */
export function scan(start: usize, end: usize, rows: usize, maxRows: u32, mask: u32): u32 {
  const times = rows;
  const sequences = times + maxRows * 8;
  const starts = sequences + maxRows * 8;
  const ends = starts + maxRows * 4;
  const nanos = ends + maxRows * 4;
  const codes = nanos + maxRows * 4;
  const states = codes + maxRows * 4 * columnCount;
  let row: u32 = 0;
  let p = start;
  while (p < end && row < maxRows) {
    if (load<u8>(p) == 0x0a) {
      p++; // an empty line is none, and a small compressed file can hold millions
      continue;
    }
    for (let column: u32 = 0; column < columnCount; column++) unchecked((rowCodes[column] = absent));
    rowSequence = -1;
    let lineEnd = readRecord(p, mask);
    const isDecided = lineEnd != 0 && load<u8>(lineEnd) == 0x0a;
    if (!isDecided) lineEnd = lineFeed(p);
    store<u32>(starts + (row << 2), p as u32);
    store<u32>(ends + (row << 2), lineEnd as u32);
    store<u8>(states + row, isDecided ? decided : undecided);
    if (isDecided) {
      store<f64>(times + (row << 3), rowMs);
      store<u32>(nanos + (row << 2), rowNanos);
      store<f64>(sequences + (row << 3), rowSequence);
      for (let column: u32 = 0; column < columnCount; column++) {
        store<u32>(codes + ((column * maxRows + row) << 2), unchecked(rowCodes[column]));
      }
    }
    row++;
    p = lineEnd + 1;
  }
  stoppedAt = p;
  return row;
}
