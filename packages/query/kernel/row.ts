/** The row that is being read: the codes of its texts, and its sequence number. */

import { absent, columnCount, intern, unlisted } from "./dictionary";
import { forgetEscapes, hasEscapes, isDigit, readNumber, readString } from "./json";

/** The columns with texts, by their place in a mask and among the dictionaries. */
export const typeColumn: u32 = 0;
export const jobColumn: u32 = 1;
export const agentColumn: u32 = 2;
export const itemColumn: u32 = 3;
export const correlationColumn: u32 = 4;
export const producerColumn: u32 = 5;
/** What a key is called that is that of no column. */
export const noColumn: u32 = columnCount;

export let rowSequence: f64 = -1;
export const rowCodes = new StaticArray<u32>(columnCount);
/** The columns that are asked for. */
export let rowMask: u32 = 0;

export function beginRows(mask: u32): void {
  rowMask = mask;
}

export function beginRow(): void {
  for (let column: u32 = 0; column < columnCount; column++) unchecked((rowCodes[column] = absent));
  rowSequence = -1;
}

/** Makes the row one of a producer, with a number that does not stand where it was read. */
export function setOrigin(producer: u32, sequence: f64): void {
  unchecked((rowCodes[producerColumn] = producer));
  rowSequence = sequence;
}

/** The code of a text, if its column is asked for. */
export function codeOf(column: u32, start: usize, length: u32): u32 {
  return ((rowMask >> column) & 1) != 0 ? intern(column, start, length) : unlisted;
}

/** A text without escapes, from its opening quote on, which becomes the column's value if the column is wanted. */
export function readColumn(p: usize, column: u32): usize {
  if (load<u8>(p) != 0x22 || unchecked(rowCodes[column]) != absent) return 0;
  return readColumnText(p + 1, column);
}

/** The same after the opening quote, for a column that has no value yet. */
export function readColumnText(p: usize, column: u32): usize {
  forgetEscapes();
  const end = readString(p);
  if (end == 0 || hasEscapes()) return 0;
  unchecked((rowCodes[column] = codeOf(column, p, (end - p - 1) as u32)));
  return end;
}

/** A number; if it is a whole one of at most 15 digits, it becomes the sequence number. */
export function readSequence(p: usize): usize {
  const byte = load<u8>(p);
  if (byte != 0x2d && !isDigit(byte)) return 0;
  const end = readNumber(p);
  if (end == 0 || end - p > 15) return 0;
  let value: u64 = 0;
  for (let at = p; at < end; at++) {
    if (!isDigit(load<u8>(at))) return 0;
    value = value * 10 + (load<u8>(at) - 0x30);
  }
  rowSequence = value as f64;
  return end;
}
