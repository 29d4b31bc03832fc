import { limits } from "../limits.js";
import { SequenceSet } from "./sequence-set.js";

/**
 * The records of one producer that were met so far, by their numbers. A number that was damaged comes out of turn, and
 * the record that truly has it must not be taken for its copy. So the ids of records out of turn are remembered, and of
 * as many after one as damage may have hit together. The cost is nothing for numbers that go up, or down, one by one.
 */
export class SeenRecords {
  readonly #sequences = new SequenceSet();
  /** By number, oldest first. */
  readonly #doubtfulIds = new Map<number, string>();
  #previous: number | undefined;
  /** How many further records are in doubt, whatever their numbers. */
  #doubt: number;

  /** @param doubt how many of the first records are in doubt: going down, a damaged number is one that was met before */
  constructor(doubt = 1) {
    this.#doubt = doubt;
  }

  /** Takes all numbers below `next` except those in `missing`, ranges in ascending order, for met; only at the start. */
  addBelow(next: number, missing: readonly (readonly [first: number, last: number])[] = []): void {
    this.#sequences.addBelow(next, missing);
    if (next > 0) this.#previous = next - 1;
  }

  /** The numbers. */
  get sequences(): Pick<SequenceSet, "last" | "ranges" | "isComplete" | "missingBelow"> {
    return this.#sequences;
  }

  /** Adds a record; false if it, or a copy of it, was met before. Its id is read only where it is in doubt. */
  add(sequence: number, record: { readonly id: string }): boolean {
    const previous = this.#previous;
    if (previous !== undefined && Math.abs(sequence - previous) !== 1)
      this.#doubt = limits.maxDoubtfulRecords;
    this.#previous = sequence;
    if (this.#sequences.add(sequence)) {
      if (this.#doubt > 0) {
        this.#doubt--;
        this.#remember(sequence, record.id);
      }
      return true;
    }
    const known = this.#doubtfulIds.get(sequence);
    if (known === undefined || known === record.id) return false;
    this.#remember(sequence, record.id);
    return true;
  }

  /**
   * Adds records with all the numbers from `first` to `last` in turn, beginning with `firstRecord`; false, with
   * nothing added, if they have to be added one by one: one may be a copy, or more is in doubt than the first, or than is
   * known of it.
   */
  addRun(first: number, last: number, firstRecord: { readonly id: string } | undefined): boolean {
    const previous = this.#previous;
    const jumps = previous !== undefined && Math.abs(first - previous) !== 1;
    if (jumps || this.#doubt > (firstRecord ? 1 : 0)) return false;
    if (!this.#sequences.addRun(first, last)) return false;
    this.#previous = last;
    if (this.#doubt > 0 && firstRecord) {
      this.#doubt--;
      this.#remember(first, firstRecord.id);
    }
    return true;
  }

  #remember(sequence: number, id: string): void {
    const ids = this.#doubtfulIds;
    ids.set(sequence, id);
    if (ids.size > limits.maxDoubtfulRecords) ids.delete(ids.keys().next().value as number);
  }
}
