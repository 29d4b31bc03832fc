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

  /**
   * @param seenUpTo the last number that is taken to have been seen, -1 for none
   * @param doubt how many of the first records are in doubt: going down, a damaged number is one that was met before
   */
  constructor(seenUpTo = -1, doubt = 1) {
    this.#doubt = doubt;
    if (seenUpTo < 0) return;
    this.#sequences.addUpTo(seenUpTo);
    this.#previous = seenUpTo;
  }

  /** The numbers. */
  get sequences(): Pick<SequenceSet, "last" | "ranges" | "isComplete"> {
    return this.#sequences;
  }

  /** Adds a record; false if it, or a copy of it, was met before. */
  add(sequence: number, id: string): boolean {
    const previous = this.#previous;
    if (previous !== undefined && Math.abs(sequence - previous) !== 1)
      this.#doubt = limits.maxDoubtfulRecords;
    this.#previous = sequence;
    if (this.#sequences.add(sequence)) {
      if (this.#doubt > 0) {
        this.#doubt--;
        this.#remember(sequence, id);
      }
      return true;
    }
    const known = this.#doubtfulIds.get(sequence);
    if (known === undefined || known === id) return false;
    this.#remember(sequence, id);
    return true;
  }

  #remember(sequence: number, id: string): void {
    const ids = this.#doubtfulIds;
    ids.set(sequence, id);
    if (ids.size > limits.maxDoubtfulRecords) ids.delete(ids.keys().next().value as number);
  }
}
