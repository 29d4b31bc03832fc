/**
 * The shapes of events. Events of one type mostly have the same fields in the same order, so that between their values
 * stand the same bytes. A shape is learned of a line that was read to its end: bytes and kinds of values in turn, from the
 * text of the type up to the closing brace of the event. What matches a shape is what taught it but for its values, each of
 * them read as values of its kind are: so it is decided as that line was.
 */

import { maxEntries, unlisted } from "./dictionary";
import { isDigit, readKey, readNumber, readString, readValue } from "./json";
import { literalSlack, matches } from "./literal";
import {
  agentColumn,
  itemColumn,
  jobColumn,
  noColumn,
  readColumnText,
  rowCodes,
  rowMask,
  typeColumn,
} from "./row";

/** Kinds of values; a column's text is its column more than the last. */
const textKind: u32 = 0;
const numberKind: u32 = 1;
const anyKind: u32 = 2;
const columnKind: u32 = 3;
/** The columns that may stand after the type, as a mask. */
const eventColumns: u32 = (1 << jobColumn) | (1 << agentColumn) | (1 << itemColumn);
/** The bytes after the last value. */
const endKind: u32 = 0xff;

/** Shapes are found by the first 16 bytes of the type and what follows it; one that is in the way of another goes. */
const slotCount: u32 = 256;
const maxParts: u32 = 32;
const partBytes: u32 = 12; // kind, place and length of the bytes before the value
const maxLiteralBytes: u32 = 1024;
const headBytes: u32 = 12; // whether it is there, code of the type, values up to the last column that is asked for
const shapeBytes: u32 = headBytes + maxParts * partBytes + maxLiteralBytes + literalSlack;
const shapes: usize = heap.alloc(slotCount * shapeBytes);

/** The last job id, with its closing quote, and its code: nearly always that of the next record too. */
const maxJobBytes: u32 = 256;
const job: usize = heap.alloc(maxJobBytes + literalSlack);
let jobBytes: u32 = 0;
let jobCode: u32 = 0;

/** By the code of a type: 1 if records of that type are not wanted, whatever else they say. */
const leftOut: usize = heap.alloc(maxEntries + 1);

export function leaveOutType(code: u32): void {
  store<u8>(leftOut + code, 1);
}

export function forgetTypes(): void {
  memory.fill(leftOut, 0, maxEntries + 1);
}

/** Forgets everything, for codes of other columns. */
export function forgetShapes(): void {
  for (let slot: u32 = 0; slot < slotCount; slot++) store<u32>(shapes + slot * shapeBytes, 0);
  jobBytes = 0;
}

function shapeAt(p: usize): usize {
  const h = (load<u64>(p) ^ rotl<u64>(load<u64>(p, 8), 23)) * 0x9fb21c651e98df25;
  const slot = (h >> 40) as u32;
  return shapes + (slot & (slotCount - 1)) * shapeBytes;
}

/** Reads an event from the text of its type on, up to behind its closing brace; 0 if it has no shape that is known. */
export function readShaped(p: usize): usize {
  const shape = shapeAt(p);
  if (load<u32>(shape) == 0) return 0;
  unchecked((rowCodes[typeColumn] = load<u32>(shape, 4)));
  let part = shape + headBytes;
  while (true) {
    const length = load<u32>(part, 8);
    if (!matches(p, load<u32>(part, 4), length)) return 0;
    p += length;
    const kind = load<u32>(part);
    if (kind == endKind) return p;
    p = readPart(p, kind);
    if (p == 0) return 0;
    part += partBytes;
  }
}

/** A value of some kind that is not the end. */
function readPart(p: usize, kind: u32): usize {
  if (kind == textKind) return readString(p);
  if (kind == numberKind) return readNumber(p);
  if (kind == anyKind) return readValue(p);
  return kind == columnKind + jobColumn ? readJob(p) : readColumnText(p, kind - columnKind);
}

/**
 * Reads an event from the text of its type on as far as columns are asked for, and no further; 0 if it has no shape that is
 * known. Of a type that is left out nothing else is read, and its columns are not listed.
 */
export function readShapedColumns(p: usize): usize {
  const shape = shapeAt(p);
  if (load<u32>(shape) == 0) return 0;
  const type = load<u32>(shape, 4);
  let part = shape + headBytes;
  const length = load<u32>(part, 8);
  if (!matches(p, load<u32>(part, 4), length)) return 0;
  p += length;
  unchecked((rowCodes[typeColumn] = type));
  if (type != unlisted && load<u8>(leftOut + type) != 0) {
    unchecked((rowCodes[jobColumn] = unlisted));
    unchecked((rowCodes[agentColumn] = unlisted));
    unchecked((rowCodes[itemColumn] = unlisted));
    return p;
  }
  for (let values = load<u32>(shape, 8); values != 0; values--) {
    p = readPart(p, load<u32>(part));
    if (p == 0) return 0;
    part += partBytes;
    const length = load<u32>(part, 8);
    if (!matches(p, load<u32>(part, 4), length)) return 0;
    p += length;
  }
  return p;
}

function readJob(p: usize): usize {
  if (jobBytes != 0 && matches(p, job, jobBytes)) {
    unchecked((rowCodes[jobColumn] = jobCode));
    return p + jobBytes;
  }
  const end = readColumnText(p, jobColumn);
  if (end != 0 && end - p <= maxJobBytes) {
    jobBytes = (end - p) as u32;
    jobCode = unchecked(rowCodes[jobColumn]);
    memory.copy(job, p, jobBytes);
  }
  return end;
}

/** Learns the shape of an event of a line that has been decided, from the text of its type on. */
export function learnShape(p: usize): void {
  const shape = shapeAt(p);
  store<u32>(shape, 0);
  let part = shape + headBytes;
  const lastPart = part + (maxParts - 1) * partBytes;
  let literal = shape + headBytes + maxParts * partBytes;
  const literalEnd = literal + maxLiteralBytes;
  let from = p;
  p = readString(p);
  let values: u32 = 0;
  let askedValues: u32 = 0;
  let missing = rowMask & eventColumns;
  while (load<u8>(p) == 0x2c) {
    const key = p + 2;
    p = readKey(p + 1);
    const column = eventColumn(key, p - key - 2);
    const byte = load<u8>(p);
    let kind = anyKind;
    if (byte == 0x22) kind = column == noColumn ? textKind : columnKind + column;
    else if (byte == 0x2d || isDigit(byte)) kind = numberKind;
    const valueAt = byte == 0x22 ? p + 1 : p;
    const length = (valueAt - from) as u32;
    if (part == lastPart || literal + length > literalEnd) return;
    memory.copy(literal, from, length);
    store<u32>(part, kind);
    store<u32>(part, literal as u32, 4);
    store<u32>(part, length, 8);
    literal += length;
    part += partBytes;
    values++;
    if (kind > columnKind && ((missing >> column) & 1) != 0) {
      missing &= ~(1 << column);
      askedValues = values;
    }
    p = readValue(p);
    from = p;
  }
  const length = (p + 1 - from) as u32;
  if (literal + length > literalEnd) return;
  memory.copy(literal, from, length);
  store<u32>(part, endKind);
  store<u32>(part, literal as u32, 4);
  store<u32>(part, length, 8);
  store<u32>(shape, unchecked(rowCodes[typeColumn]), 4);
  // That a column is not there is known only at the end.
  store<u32>(shape, missing == 0 ? askedValues : values, 8);
  store<u32>(shape, 1);
}

/** The column of a key in `event`: `event_type`, `job_id`, `agent_id` or `item_id`. */
export function eventColumn(key: usize, length: usize): u32 {
  if (length == 10 && load<u64>(key) == 0x79745f746e657665 && load<u16>(key, 8) == 0x6570) return typeColumn;
  if (length == 6 && load<u32>(key) == 0x5f626f6a && load<u16>(key, 4) == 0x6469) return jobColumn;
  if (length == 8 && load<u64>(key) == 0x64695f746e656761) return agentColumn;
  if (length == 7 && load<u32>(key) == 0x6d657469 && load<u32>(key, 3) == 0x64695f6d) return itemColumn;
  return noColumn;
}
