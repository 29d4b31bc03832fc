/**
 * Reads lines of JSON and says what the wanted columns of each record are: AssemblyScript, compiled to WebAssembly with
 * SIMD. It decides only lines that it has read to their end and found to be records, byte for byte as JSON demands;
 * every other line is left to the caller, who parses it. The input is UTF-8, checked by the caller, and ends with a
 * line feed, which ends every line whatever stands before it: nothing beyond it is looked at but for whole vectors.
 *
 * It looks like TypeScript and is not (types are of the machine, `==` compares numbers, literals have 64 bits): it is
 * formatted like the rest, and linted by its compiler.
 */

import { absent, columnCount, intern, unlisted } from "./dictionary";
import { forgetEscapes, hasEscapes, isDigit, readKey, readNumber, readString, readValue } from "./json";
import { readTimestamp, timestampMs, timestampNanos } from "./timestamp";

export { intern, maxEntries, textLength, textStart } from "./dictionary";

/** What a row says of its line. */
const undecided: u8 = 0;
const decided: u8 = 1;

/** The columns with texts, by their place in a mask and among the dictionaries. */
const typeColumn: u32 = 0;
const jobColumn: u32 = 1;
const agentColumn: u32 = 2;
const itemColumn: u32 = 3;
const correlationColumn: u32 = 4;
const producerColumn: u32 = 5;

/** Of the row that is being read. */
let rowSequence: f64 = -1;
const rowCodes = new StaticArray<u32>(columnCount);

/** Where reading stopped, because the input or the room for rows ended. */
export let stoppedAt: usize = 0;

/** Memory for the caller: the input, and the columns of rows. */
export function allocate(bytes: usize): usize {
  return heap.alloc(bytes);
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

/** A text without escapes, from its opening quote on, which becomes the column's value if the column is wanted. */
function readColumn(p: usize, column: u32, mask: u32): usize {
  if (load<u8>(p) != 0x22 || unchecked(rowCodes[column]) != absent) return 0;
  forgetEscapes();
  const end = readString(p + 1);
  if (end == 0 || hasEscapes()) return 0;
  const isWanted = ((mask >> column) & 1) != 0;
  unchecked((rowCodes[column] = isWanted ? intern(column, p + 1, (end - p - 2) as u32) : unlisted));
  return end;
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
    forgetEscapes();
    p = readKey(p);
    if (p == 0 || hasEscapes()) return 0;
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
    forgetEscapes();
    p = readKey(p);
    if (p == 0 || hasEscapes()) return 0;
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
    forgetEscapes();
    p = readKey(p);
    if (p == 0 || hasEscapes()) return 0;
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
      store<f64>(times + (row << 3), timestampMs);
      store<u32>(nanos + (row << 2), timestampNanos);
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
