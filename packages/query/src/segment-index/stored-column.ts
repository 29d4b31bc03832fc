import { type Column, column } from "../scan/kernel.js";
import { maskOf } from "../scan/row-filter.js";

/** The columns of a row that are texts; the first so many stored columns are theirs, by the kernel's numbers. */
export const textColumns: readonly Column[] = Object.values(column);
export const textColumnCount = textColumns.length;

/** The columns of an index beside those with texts, by their numbers in the file. */
export const stored = { lengths: 6, gaps: 7, ms: 8, nanos: 9, sequences: 10, states: 11 } as const;
export const storedColumnCount = 12;

/**
 * What of a row can be asked for beside its texts, as bits of one mask with the kernel's columns: where its line is, its
 * instant, its sequence number. Whether the row is decided is always told.
 */
export const rowPart = { place: 1 << 6, instant: 1 << 7, sequence: 1 << 8 } as const;

/** A mask that asks for all there is. */
export const everything = maskOf(textColumns) | rowPart.place | rowPart.instant | rowPart.sequence;

/** The stored columns that a mask asks for. */
export function storedColumnsOf(mask: number): number[] {
  const columns: number[] = [stored.states];
  for (const of of textColumns) if ((mask >> of) & 1) columns.push(of);
  if (mask & rowPart.place) columns.push(stored.lengths, stored.gaps);
  if (mask & rowPart.instant) columns.push(stored.ms, stored.nanos);
  if (mask & rowPart.sequence) columns.push(stored.sequences);
  return columns;
}
