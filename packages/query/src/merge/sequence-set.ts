import { limits } from "../limits.js";

/**
 * The sequence numbers of one producer that were met so far, as ranges.
 *
 * A producer counts without holes, except where it dropped events, so that a chain of millions of records is a handful
 * of ranges. Past `limits.maxSequenceRanges` the oldest range is forgotten: a copy may then show, a record is never lost.
 */
export class SequenceSet {
  /** Sorted, disjoint, not adjacent: `[first, last]` pairs. */
  readonly #ranges: [first: number, last: number][] = [];
  /** Where the previous number went; the next one nearly always extends the same range. */
  #current = 0;
  #isComplete = true;

  /** Adds a number; false if it was there already. */
  add(sequence: number): boolean {
    const range = this.#ranges[this.#current];
    if (range !== undefined && sequence === range[1] + 1) {
      range[1] = sequence;
      this.#joinWithNext(this.#current);
      return true;
    }
    return this.#insert(sequence);
  }

  /** Adds the numbers from `first` to `last`; false, with nothing added, if one of them was there already. */
  addRun(first: number, last: number): boolean {
    const at = this.#indexAtOrAfter(first);
    const next = this.#ranges[at];
    if (next !== undefined && next[0] <= last) return false;
    this.add(first);
    const range = this.#ranges[this.#current]!;
    range[1] = Math.max(range[1], last);
    this.#joinWithNext(this.#current);
    return true;
  }

  /** Adds all numbers below `next` except those in `missing`, ranges in ascending order; only to an empty set. */
  addBelow(next: number, missing: readonly (readonly [first: number, last: number])[]): void {
    let from = 0;
    for (const [first, last] of missing) {
      if (first > from) this.#ranges.push([from, first - 1]);
      from = Math.max(from, last + 1);
    }
    if (next > from) this.#ranges.push([from, next - 1]);
    this.#current = Math.max(0, this.#ranges.length - 1);
  }

  /** The numbers below `next` that are not in the set, as ranges in ascending order. */
  missingBelow(next: number): [first: number, last: number][] {
    const missing: [number, number][] = [];
    let from = 0;
    for (const [first, last] of this.#ranges) {
      if (first >= next) break;
      if (first > from) missing.push([from, first - 1]);
      from = last + 1;
    }
    if (from < next) missing.push([from, next - 1]);
    return missing;
  }

  /** The greatest number; -1 when there is none. */
  get last(): number {
    return this.#ranges.at(-1)?.[1] ?? -1;
  }

  /** Its numbers as ranges, both ends included: ascending, disjoint, not adjacent. */
  get ranges(): readonly (readonly [first: number, last: number])[] {
    return this.#ranges;
  }

  /** False once a range was forgotten. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  /** How many ranges are held, for the bound. */
  get rangeCount(): number {
    return this.#ranges.length;
  }

  #insert(sequence: number): boolean {
    const at = this.#indexAtOrAfter(sequence);
    const next = this.#ranges[at];
    if (next !== undefined && sequence >= next[0]) return false;
    const previous = this.#ranges[at - 1];
    if (previous !== undefined && previous[1] + 1 === sequence) {
      previous[1] = sequence;
      this.#joinWithNext(at - 1);
      this.#current = at - 1;
    } else if (next !== undefined && next[0] - 1 === sequence) {
      next[0] = sequence;
      this.#current = at;
    } else {
      this.#ranges.splice(at, 0, [sequence, sequence]);
      this.#current = at;
      this.#forgetOldest();
    }
    return true;
  }

  /** The first range that ends at or after `sequence`. */
  #indexAtOrAfter(sequence: number): number {
    let low = 0;
    let high = this.#ranges.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#ranges[middle]![1] < sequence) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #joinWithNext(at: number): void {
    const range = this.#ranges[at]!;
    const next = this.#ranges[at + 1];
    if (next !== undefined && next[0] === range[1] + 1) {
      range[1] = next[1];
      this.#ranges.splice(at + 1, 1);
    }
  }

  /** Of the two ends, the one that reading has moved away from. */
  #forgetOldest(): void {
    if (this.#ranges.length <= limits.maxSequenceRanges) return;
    this.#isComplete = false;
    if (this.#current > this.#ranges.length / 2) {
      this.#ranges.shift();
      this.#current--;
    } else {
      this.#ranges.pop();
    }
  }
}
