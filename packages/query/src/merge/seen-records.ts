import { limits } from "../limits.js";
import { SequenceSet } from "./sequence-set.js";

/**
 * The records of one producer that were met so far, by their numbers. Ids are remembered only of numbers that came out
 * of turn: a number that was damaged comes out of turn, and the record that truly has it must not be taken for its
 * copy. The cost is nothing for numbers that go up, or down, one by one.
 */
export class SeenRecords {
  readonly #sequences = new SequenceSet();
  readonly #idsOutOfTurn = new Map<number, string>();
  #previous = Number.NEGATIVE_INFINITY;

  /** @param seenUpTo the last number that is taken to have been seen, -1 for none */
  constructor(seenUpTo = -1) {
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
    const isInTurn = Math.abs(sequence - this.#previous) === 1;
    this.#previous = sequence;
    if (this.#sequences.add(sequence)) {
      if (!isInTurn) this.#remember(sequence, id);
      return true;
    }
    const known = this.#idsOutOfTurn.get(sequence);
    if (known === undefined || known === id) return false;
    this.#remember(sequence, id);
    return true;
  }

  #remember(sequence: number, id: string): void {
    const ids = this.#idsOutOfTurn;
    ids.set(sequence, id);
    if (ids.size > limits.maxSequenceRanges) ids.delete(ids.keys().next().value as number);
  }
}
