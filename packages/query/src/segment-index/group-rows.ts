import { absent } from "../scan/kernel.js";
import { textColumnCount } from "./stored-column.js";

/** Rows that are stored, read and checked together, at the most: as many as the kernel gives at a time. */
export const groupRowCount = 4096;
/**
 * The lines of a group begin in the same MiB of content. So where groups begin does not depend on where the reading was
 * divided, a range of whole MiB has whole groups, and places in a group are small numbers.
 */
export const groupSpanBytes = 1 << 20;

/** The rows of one group, unpacked. What an undecided row says beside its place means nothing. */
export class GroupRows {
  count = 0;
  /** Of the line, in the uncompressed content. */
  readonly starts = new Float64Array(groupRowCount);
  /** Of the line with its line feed. */
  readonly lengths = new Float64Array(groupRowCount);
  readonly ms = new Float64Array(groupRowCount);
  readonly nanos = new Float64Array(groupRowCount);
  readonly sequences = new Float64Array(groupRowCount);
  readonly isDecided = new Uint8Array(groupRowCount);
  /** By column: `absent`, `unlisted`, or the code in the dictionary that goes with the group. */
  readonly codes = Array.from({ length: textColumnCount }, () => new Float64Array(groupRowCount));

  /** How many of the rows `from` up to `to` of a list belong to this group, by the places where their lines begin. */
  room(from: number, to: number, startAt: (row: number) => number): number {
    const spanEnd = spanEndOf(this.count > 0 ? this.starts[0]! : startAt(from));
    let low = 0;
    let high = Math.min(to - from, groupRowCount - this.count);
    if (high > 0 && startAt(from + high - 1) < spanEnd) return high;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (startAt(from + middle) < spanEnd) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Gives undecided rows the values of the rows before them, so that they take no room and always the same form. */
  settleUndecided(): void {
    const { count, isDecided, ms, nanos, sequences } = this;
    const from = isDecided.subarray(0, count).indexOf(1);
    let lastMs = from < 0 ? 0 : ms[from]!;
    let lastNanos = from < 0 ? 0 : nanos[from]!;
    let lastSequence = from < 0 ? -1 : sequences[from]! - from - 1;
    for (let row = 0; row < count; row++) {
      if (isDecided[row] === 1) {
        lastMs = ms[row]!;
        lastNanos = nanos[row]!;
        lastSequence = sequences[row]!;
      } else {
        ms[row] = lastMs;
        nanos[row] = lastNanos;
        sequences[row] = ++lastSequence;
      }
    }
    for (const codes of this.codes) {
      let last = from < 0 ? absent : codes[from]!;
      for (let row = 0; row < count; row++) {
        if (isDecided[row] === 1) last = codes[row]!;
        else codes[row] = last;
      }
    }
  }
}

/** Where the MiB ends that a line begins in. */
export function spanEndOf(start: number): number {
  return (Math.floor(start / groupSpanBytes) + 1) * groupSpanBytes;
}
