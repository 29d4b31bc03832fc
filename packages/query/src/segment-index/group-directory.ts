import { crc32 } from "node:zlib";
import { groupRowCount, groupSpanBytes } from "./group-rows.js";
import type { GroupSummary } from "./group-summary.js";
import type { IndexHeader } from "./index-header.js";
import { codesBase } from "./packed-codes.js";
import type { PackedGroup } from "./packed-group.js";
import { isWidth, type Width } from "./packed-values.js";
import { stored, storedColumnCount, textColumnCount } from "./stored-column.js";

/** What is known of a group without its columns; as in `PackedGroup`. */
export interface GroupEntry extends Omit<PackedGroup, "columns"> {
  readonly columns: readonly StoredValues[];
}

/** Where the values of a group are among those of a column, how they are packed, and their CRC-32. */
export interface StoredValues {
  readonly base: number;
  readonly width: Width;
  readonly crc32: number;
  readonly start: number;
  readonly bytes: number;
}

/** An entry: the place of the first line and times and numbers as doubles, counts as 32 bits, flags, then the columns. */
const doubles = ["firstMs", "lastMs", "minMs", "maxMs", "firstSequence", "lastSequence"] as const;
const counts = [
  "decided",
  "lineBytes",
  "outOfOrder",
  "firstNanos",
  "lastNanos",
  "minNanos",
  "maxNanos",
] as const;
const isNumberedFlag = 1;
const isRisingFlag = 2;
/** A column: its base, the CRC-32 of its values, their width. */
const columnBytes = 8 + 4 + 1;
export const groupEntryBytes =
  8 * (1 + doubles.length) + 4 * (1 + counts.length) + 1 + storedColumnCount * columnBytes;

export function encodeGroups(groups: readonly PackedGroup[]): Buffer {
  const bytes = Buffer.alloc(groups.length * groupEntryBytes);
  let at = 0;
  for (const { rows, firstOffset, summary, sequenceStep, columns } of groups) {
    at = bytes.writeDoubleLE(firstOffset, at);
    for (const name of doubles) at = bytes.writeDoubleLE(summary[name], at);
    at = bytes.writeUInt32LE(rows, at);
    for (const name of counts) at = bytes.writeUInt32LE(summary[name], at);
    at = bytes.writeUInt8((summary.isNumbered ? isNumberedFlag : 0) + (sequenceStep ? isRisingFlag : 0), at);
    for (const { base, width, bytes: values } of columns) {
      at = bytes.writeDoubleLE(base, at);
      at = bytes.writeUInt32LE(crc32(values), at);
      at = bytes.writeUInt8(width, at);
    }
  }
  return bytes;
}

/** The groups of an index; `undefined` unless they are in order, lie in the content, and fit the header. */
export function decodeGroups(bytes: Buffer, header: IndexHeader): GroupEntry[] | undefined {
  const starts = new Array<number>(storedColumnCount).fill(0);
  const groups: GroupEntry[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let [rows, decided, lineBytes, endOffset] = [0, 0, 0, 0];
  for (let at = 0; at < bytes.length; at += groupEntryBytes) {
    const group = decodeGroup(view, at, starts);
    if (!group || group.firstOffset < endOffset) return undefined;
    groups.push(group);
    rows += group.rows;
    decided += group.summary.decided;
    lineBytes += group.summary.lineBytes;
    endOffset = group.firstOffset + group.summary.lineBytes;
  }
  const isWhole = starts.every((end, of) => end === header.data[of]) && endOffset <= header.endOffset;
  const isSame = rows === header.rows && decided === header.decided && lineBytes === header.lineBytes;
  return isWhole && isSame ? groups : undefined;
}

const countsStart = 8 * (1 + doubles.length);
const flagsStart = countsStart + 4 * (1 + counts.length);

/** Reads an entry, and moves `starts` to behind its columns. */
function decodeGroup(view: DataView, from: number, starts: number[]): GroupEntry | undefined {
  const double = (at: number) => view.getFloat64(from + 8 * at, true);
  const count = (at: number) => view.getUint32(from + countsStart + 4 * at, true);
  const firstOffset = double(0);
  const rows = count(0);
  const flags = view.getUint8(from + flagsStart);
  const summary: GroupSummary = {
    // In the order of `doubles` and `counts`.
    firstMs: double(1),
    lastMs: double(2),
    minMs: double(3),
    maxMs: double(4),
    firstSequence: double(5),
    lastSequence: double(6),
    decided: count(1),
    lineBytes: count(2),
    outOfOrder: count(3),
    firstNanos: count(4),
    lastNanos: count(5),
    minNanos: count(6),
    maxNanos: count(7),
    isNumbered: (flags & isNumberedFlag) !== 0,
  };
  const columns: StoredValues[] = [];
  let at = from + flagsStart + 1;
  for (let of = 0; of < storedColumnCount; of++) {
    const base = view.getFloat64(at, true);
    const sum = view.getUint32(at + 8, true);
    const width = view.getUint8(at + 12);
    if (!isWidth(width) || (width === 8 && !isWide(of)) || !isBase(of, base)) return undefined;
    columns.push({ base, width, crc32: sum, start: starts[of]!, bytes: rows * width });
    starts[of]! += rows * width;
    at += columnBytes;
  }
  const sequenceStep = (flags & isRisingFlag) === 0 ? 0 : 1;
  return isSound(rows, firstOffset, summary)
    ? { rows, firstOffset, summary, sequenceStep, columns }
    : undefined;
}

function isSound(rows: number, firstOffset: number, summary: GroupSummary): boolean {
  const { decided, lineBytes, firstMs, lastMs, firstSequence, lastSequence, minMs, maxMs } = summary;
  return (
    rows > 0 &&
    rows <= groupRowCount &&
    decided <= rows &&
    lineBytes >= rows &&
    [firstOffset, firstMs, lastMs, firstSequence, lastSequence].every(Number.isSafeInteger) &&
    (decided === 0 || (Number.isSafeInteger(minMs) && Number.isSafeInteger(maxMs)))
  );
}

/** Whether the values of a column can differ by more than 32 bits hold. */
function isWide(of: number): boolean {
  return of === stored.ms || of === stored.sequences;
}

/** What the values of a column may begin with. */
function isBase(of: number, base: number): boolean {
  if (!Number.isSafeInteger(base)) return false;
  if (of < textColumnCount) return base >= 0 && codesBase(base).leastValue <= 2;
  if (of === stored.lengths) return base >= 1 && base <= 0xffff_ffff;
  if (of === stored.gaps) return base >= 0 && base <= groupSpanBytes;
  if (of === stored.nanos) return base >= 0 && base < 1_000_000;
  if (of === stored.states) return base === 0 || base === 1;
  return true;
}
