import { absent, unlisted } from "../scan/kernel.js";
import { groupRowCount } from "./group-rows.js";
import { constant, type PackedValues, packedArray, packValues, packWithin } from "./packed-values.js";

/**
 * Codes are stored as what they are more than the least in their group, after two numbers for rows without a text and
 * for texts without a code.
 */
export const storedAbsent = 0;
export const storedUnlisted = 1;
const firstStored = 2;
/** A base of codes holds two numbers: the least code, and how many of the numbers before are below all stored ones. */
const baseFactor = 4;

/** Takes the base of a column of codes apart. */
export function codesBase(base: number): { leastCode: number; leastValue: number } {
  return { leastCode: Math.floor(base / baseFactor), leastValue: base % baseFactor };
}

/** The code that a stored number stands for. */
export function storedCode(value: number, leastCode: number): number {
  if (value === storedAbsent) return absent;
  return value === storedUnlisted ? unlisted : value - firstStored + leastCode;
}

/** Reused for every group: packing is synchronous. */
const values = new Float64Array(groupRowCount);

/** Packs the codes of a group. */
export function packCodes(codes: Float64Array, count: number): PackedValues {
  let least = unlisted;
  let greatest = absent;
  let others = 0;
  for (let row = 0; row < count; row++) {
    const code = codes[row]!;
    if (code === absent || code === unlisted) {
      others++;
      continue;
    }
    if (code < least) least = code;
    if (code > greatest) greatest = code;
  }
  if (others === 0) {
    const packed = packWithin(codes, count, least, greatest);
    return { ...packed, base: least * baseFactor + firstStored };
  }
  // Without any text the base is that of the first code, so that it is always the same.
  const leastCode = least === unlisted ? 1 : least;
  for (let row = 0; row < count; row++) {
    const code = codes[row]!;
    values[row] =
      code === absent ? storedAbsent : code === unlisted ? storedUnlisted : code - leastCode + firstStored;
  }
  const packed = packValues(values, count);
  return { ...packed, base: leastCode * baseFactor + packed.base };
}

/** Writes the codes of a group to the beginning of `codes`, each replaced by what `table` has for it. */
export function unpackCodes(
  { base, width, bytes }: PackedValues,
  count: number,
  codes: Float64Array | Uint32Array,
  table: Uint32Array | undefined,
): void {
  const { leastCode, leastValue } = codesBase(base);
  const codeOf = (value: number): number => {
    const code = storedCode(value, leastCode);
    return table && code !== unlisted ? table[code]! : code;
  };
  if (width === 0) {
    codes.fill(codeOf(leastValue), 0, count);
  } else if (width === 1) {
    for (let value = 0; value < 256; value++) byteCodes[value] = codeOf(value + leastValue);
    for (let row = 0; row < count; row++) codes[row] = byteCodes[bytes[row]!]!;
  } else {
    const offsets = packedArray(width, bytes);
    for (let row = 0; row < count; row++) codes[row] = codeOf(offsets[row]! + leastValue);
  }
}

/** Reused for every group: the codes of the numbers in a byte. */
const byteCodes = new Uint32Array(256);

/** The same codes, each replaced by what `table` has for it. */
export function translateCodes(packed: PackedValues, count: number, table: Uint32Array): PackedValues {
  unpackCodes(packed, count, translated, table);
  return packed.width === 0 ? constantCode(translated[0]!) : packCodes(translated, count);
}

const translated = new Float64Array(groupRowCount);

/** What `packCodes` makes of rows that all have the same code. */
function constantCode(code: number): PackedValues {
  if (code === absent) return constant(baseFactor + storedAbsent);
  return constant(code === unlisted ? baseFactor + storedUnlisted : code * baseFactor + firstStored);
}

/** The code of one row. */
export function codeAt({ base, width, bytes }: PackedValues, row: number): number {
  const { leastCode, leastValue } = codesBase(base);
  const value = width === 0 ? 0 : packedArray(width, bytes)[row]!;
  return storedCode(value + leastValue, leastCode);
}

/**
 * The rows with one of the wanted codes.
 *
 * @param wanted by code: 1 for a wanted one
 * @param wantedCodes the same as a list
 */
export function rowsWithCodes(
  { base, width, bytes }: PackedValues,
  count: number,
  wanted: Uint8Array,
  wantedCodes: readonly number[],
): number[] {
  const { leastCode, leastValue } = codesBase(base);
  const rows: number[] = [];
  if (width === 0) {
    const isWanted = wanted[storedCode(leastValue, leastCode)] === 1;
    if (isWanted) for (let row = 0; row < count; row++) rows.push(row);
  } else if (width === 1) {
    // Each is found at the speed of memory, and mostly there is one.
    const packed = Buffer.from(bytes.buffer, bytes.byteOffset, count);
    for (const code of wantedCodes) {
      const value = (code === absent ? storedAbsent : code - leastCode + firstStored) - leastValue;
      if (value < 0 || value > 255 || (code !== absent && code < leastCode)) continue;
      for (let row = packed.indexOf(value); row >= 0; row = packed.indexOf(value, row + 1)) rows.push(row);
    }
    if (wantedCodes.length > 1) rows.sort((a, b) => a - b);
  } else {
    const packed = packedArray(width, bytes);
    for (let row = 0; row < count; row++) {
      if (wanted[storedCode(packed[row]! + leastValue, leastCode)] === 1) rows.push(row);
    }
  }
  return rows;
}
