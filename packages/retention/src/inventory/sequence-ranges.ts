/**
 * A set of sequence numbers of one producer, held as sorted, disjoint, non-adjacent ranges: a producer's
 * segment is one range, whatever its length.
 */
export class SequenceRanges {
  readonly #firsts: number[] = [];
  readonly #lasts: number[] = [];

  /** Adds a number and says whether it was new. */
  add(sequence: number): boolean {
    const after = this.#indexAfter(sequence);
    const before = after - 1;
    if (before >= 0 && sequence <= this.#lasts[before]!) return false;
    const joinsBefore = before >= 0 && this.#lasts[before] === sequence - 1;
    const joinsAfter = this.#firsts[after] === sequence + 1;
    if (joinsBefore && joinsAfter) {
      this.#lasts[before] = this.#lasts[after]!;
      this.#firsts.splice(after, 1);
      this.#lasts.splice(after, 1);
    } else if (joinsBefore) {
      this.#lasts[before] = sequence;
    } else if (joinsAfter) {
      this.#firsts[after] = sequence;
    } else {
      this.#firsts.splice(after, 0, sequence);
      this.#lasts.splice(after, 0, sequence);
    }
    return true;
  }

  has(sequence: number): boolean {
    const before = this.#indexAfter(sequence) - 1;
    return before >= 0 && sequence <= this.#lasts[before]!;
  }

  /** The ranges in ascending order, both ends included. */
  *[Symbol.iterator](): Generator<{ first: number; last: number }> {
    for (const [index, first] of this.#firsts.entries()) yield { first, last: this.#lasts[index]! };
  }

  /** Index of the first range that begins above `sequence`. */
  #indexAfter(sequence: number): number {
    const count = this.#firsts.length;
    if (count === 0 || this.#firsts[count - 1]! <= sequence) return count;
    let low = 0;
    let high = count - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#firsts[middle]! > sequence) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
