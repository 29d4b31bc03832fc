/**
 * Reads lines of JSON and says what the wanted columns of each record are: AssemblyScript, compiled to WebAssembly with
 * SIMD. It decides only lines that it has read to their end and found to be records, byte for byte as JSON demands;
 * every other line is left to the caller, who parses it. The input is UTF-8, checked by the caller, and ends with a
 * line feed, which ends every line whatever stands before it: nothing beyond it is looked at but for whole vectors.
 *
 * It looks like TypeScript and is not (types are of the machine, `==` compares numbers, literals have 64 bits): it is
 * formatted like the rest, and linted by its compiler.
 */

import { absent, columnCount, forgetTexts } from "./dictionary";
import { eventColumn, forgetTypes } from "./event-shapes";
import { forgetEscapes, hasEscapes, readKey, readString, readValue } from "./json";
import { beginShapes, forgetRecords, learnRecord, readBeginning, readKnownRecord } from "./record-shape";
import {
  beginRow,
  beginRows,
  correlationColumn,
  noColumn,
  producerColumn,
  readColumn,
  readSequence,
  rowCodes,
  rowSequence,
  setOrigin,
  typeColumn,
} from "./row";
import { readTimestamp, timestampMs, timestampNanos } from "./timestamp";

export { intern, maxEntries, textLength, textStart } from "./dictionary";
export { leaveOutType } from "./event-shapes";
export { addLiteral, clearLiterals, findLiterals } from "./literals";

/** What a row says of its line. */
const undecided: u8 = 0;
const decided: u8 = 1;

/** Of the record that was read last: where its event ends, and where its sequence number stands. */
let eventEnd: usize = 0;
let numberAt: usize = 0;
let numberEnd: usize = 0;

/**
 * How many more lines in a row may be unlike those that were learned. In a file that has no common shape, trying costs
 * more than it saves: then only some lines are tried now and then.
 */
const mostTrust = 1024;
const distrust = 16;
const restLines = 512;
const firstTrust = 256;
let trust = firstTrust;
let resting = 0;

/**
 * Of a sealed segment, the code of its producer, else 0. Its lines are known to be that producer's records, with numbers that
 * follow each other; so those that begin like records are read no further than columns are asked for.
 */
let sealedBy: u32 = 0;
/** The number of the next record, if the one before was read to its end or counted from such a one; else -1. */
let nextSequence: f64 = -1;

/** Where reading stopped, because the input or the room for rows ended. */
export let stoppedAt: usize = 0;

/** Bytes of the lines of the rows that were read last, with their line feeds. */
export let lineBytes: u32 = 0;
/** Whether these rows are all decided and of one producer, with numbers in turn and times that never go back. */
export let isRun: bool = false;

/** Memory for the caller: the input, and the columns of rows. */
export function allocate(bytes: usize): usize {
  return heap.alloc(bytes);
}

/** What is read from now on is of a segment that this producer sealed; of any other with 0. */
export function seal(producer: u32): void {
  sealedBy = producer;
}

/** Makes the kernel what it was at the start, but for its memory. */
export function reset(): void {
  forgetTexts();
  forgetRecords();
  forgetTypes();
  sealedBy = 0;
  trust = firstTrust;
  resting = 0;
}

/** The end of the line that `p` is in: its line feed. Looks at no more than four vectors behind it. */
function lineFeed(p: usize): usize {
  const feed = i8x16.splat(0x0a);
  while (
    !v128.any_true(
      v128.or(
        v128.or(i8x16.eq(v128.load(p), feed), i8x16.eq(v128.load(p, 16), feed)),
        v128.or(i8x16.eq(v128.load(p, 32), feed), i8x16.eq(v128.load(p, 48), feed)),
      ),
    )
  ) {
    p += 64;
  }
  while (true) {
    const found = i8x16.bitmask(i8x16.eq(v128.load(p), feed));
    if (found != 0) return p + ctz(found);
    p += 16;
  }
}

// Each of the following reads something from its first byte on and returns where it ends, or 0 if it is not that.

/** The fields of `event` after its opening brace. */
function readEvent(p: usize): usize {
  while (true) {
    if (load<u8>(p) != 0x22) return 0;
    const key = p + 1;
    forgetEscapes();
    p = readKey(p);
    if (p == 0 || hasEscapes()) return 0;
    const column = eventColumn(key, p - key - 2);
    p = column == noColumn ? readValue(p) : readColumn(p, column);
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
function readMetadata(p: usize): usize {
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
      p = readColumn(p, producerColumn);
    } else if (length == 8 && load<u64>(key) == 0x65636e6575716573) {
      if (hasSequence) return 0;
      hasSequence = true;
      numberAt = p;
      p = readSequence(p);
      numberEnd = p;
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
function readRecord(p: usize): usize {
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
      p = load<u8>(p) == 0x7b ? readEvent(p + 1) : 0;
      eventEnd = p;
    } else if (length == 8 && load<u64>(key) == 0x617461646174656d) {
      field = hasMetadata;
      p = readMetadata(p);
    } else if (
      length == 14 &&
      load<u64>(key) == 0x74616c6572726f63 &&
      load<u64>(key, 6) == 0x64695f6e6f697461
    ) {
      p = readColumn(p, correlationColumn);
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
 * Reads a line of a sealed segment as far as columns are asked for; where it ends, or 0 if it has to be read to its end:
 * because it does not begin like a record that was learned, or does not end like one, or its number is not known.
 */
function readSealedLine(p: usize): usize {
  if (nextSequence < 0) return 0;
  beginRow();
  p = readBeginning(p);
  if (p == 0) return 0;
  const end = lineFeed(p);
  if (load<u8>(end - 1) != 0x7d) return 0;
  setOrigin(sealedBy, nextSequence++);
  return end;
}

/** Reads a line; where it ends, or 0 if it is not decided. */
function readLine(p: usize): usize {
  if (sealedBy == 0) return readWholeLine(p);
  let end = readSealedLine(p);
  if (end != 0) return end;
  end = readWholeLine(p);
  nextSequence = end != 0 && rowSequence >= 0 && rowCodes[producerColumn] == sealedBy ? rowSequence + 1 : -1;
  return end;
}

/**
 * Whether the line that begins at `p` is decided when it is read to its end, and has this number and the producer that sealed
 * the segment.
 */
export function confirm(p: usize, sequence: f64): bool {
  beginRow();
  const end = readRecord(p);
  if (end == 0 || load<u8>(end) != 0x0a) return false;
  return rowSequence == sequence && unchecked(rowCodes[producerColumn]) == sealedBy;
}

/** Reads a line to its end. */
function readWholeLine(p: usize): usize {
  const isTried = resting == 0;
  if (isTried) {
    beginRow();
    const end = readKnownRecord(p);
    if (end != 0 && load<u8>(end) == 0x0a) {
      if (trust < mostTrust) trust++;
      return end;
    }
    trust -= distrust;
    if (trust < 0) {
      trust = 2 * distrust;
      resting = restLines;
    }
  } else {
    resting--;
  }
  beginRow();
  numberAt = 0;
  const end = readRecord(p);
  if (end == 0 || load<u8>(end) != 0x0a) return 0;
  if (isTried) learnRecord(p, end, eventEnd, numberAt, numberEnd);
  return end;
}

/**
 * Reads the lines from `start` up to `end`, which is after a line feed, into at most `maxRows` rows of the columns that
 * begin at `rows`: line starts and ends, counted from `base` (u32), times (f64), nanoseconds (u32), sequence numbers (f64), states (u8) and
 * the codes of the columns with texts (u32) that `mask` asks for. Returns the number of rows.
 */
export function scan(start: usize, end: usize, base: usize, rows: usize, maxRows: u32, mask: u32): u32 {
  const times = rows;
  const sequences = times + maxRows * 8;
  const starts = sequences + maxRows * 8;
  const ends = starts + maxRows * 4;
  const nanos = ends + maxRows * 4;
  const codes = nanos + maxRows * 4;
  const states = codes + maxRows * 4 * columnCount;
  beginRows(mask);
  beginShapes();
  nextSequence = -1;
  lineBytes = 0;
  isRun = true;
  let lastSequence: f64 = -1;
  let lastMs: f64 = -Infinity;
  let lastNanos: u32 = 0;
  let producer: u32 = absent;
  let row: u32 = 0;
  let p = start;
  while (p < end && row < maxRows) {
    if (load<u8>(p) == 0x0a) {
      p++; // an empty line is none, and a small compressed file can hold millions
      continue;
    }
    let lineEnd = readLine(p);
    const isDecided = lineEnd != 0;
    if (!isDecided) lineEnd = lineFeed(p);
    store<u32>(starts + (row << 2), (p - base) as u32);
    store<u32>(ends + (row << 2), (lineEnd - base) as u32);
    lineBytes += (lineEnd + 1 - p) as u32;
    store<u8>(states + row, isDecided ? decided : undecided);
    if (isDecided) {
      store<f64>(times + (row << 3), timestampMs);
      store<u32>(nanos + (row << 2), timestampNanos);
      store<f64>(sequences + (row << 3), rowSequence);
      const rowProducer = unchecked(rowCodes[producerColumn]);
      if (row == 0) producer = rowProducer;
      const isNext = row == 0 ? rowSequence >= 0 : rowSequence == lastSequence + 1;
      const isLater = timestampMs > lastMs || (timestampMs == lastMs && timestampNanos >= lastNanos);
      if (!isNext || !isLater || rowProducer != producer) isRun = false;
      lastSequence = rowSequence;
      lastMs = timestampMs;
      lastNanos = timestampNanos;
      for (let column: u32 = 0; column < columnCount; column++) {
        store<u32>(codes + ((column * maxRows + row) << 2), unchecked(rowCodes[column]));
      }
    } else isRun = false;
    row++;
    p = lineEnd + 1;
  }
  stoppedAt = p;
  return row;
}
