import type { EventRecord } from "@prodigy-events/schema";
import { limits } from "../limits.js";
import { SeenRecords } from "../merge/seen-records.js";
import type { SourceSegment } from "../source/source-segment.js";
import type { ReadContext } from "./read-context.js";
import type { Direction } from "./time-order.js";

/** Tells records that were read before from new ones. */
export interface CopyFilter {
  /** Whether the records are one producer's, whose times never go back. */
  readonly isOneProducer: boolean;
  /**
   * Whether a record was met before; from now on it was.
   *
   * @param sequence its sequence number, -1 if it has none
   * @param path the file it was read from
   */
  isCopy(record: EventRecord, sequence: number, path: string): boolean;
}

/** What knows the copies in the chain that begins with `source`. */
export function copiesOfChain(
  source: SourceSegment,
  direction: Direction,
  context: ReadContext,
): ChainCopies {
  const copies = context.copiesOf?.(source, direction);
  return copies ?? new ChainCopies(source.segment.producerId!, direction === "backward");
}

/** Numbers of one producer's records, each one more than the one before; and the id of the first record. */
export interface NumberRun {
  readonly first: number;
  readonly last: number;
  readonly firstId: string;
}

/** Takes no record for a copy, and sees whether the numbers of a producer's records form a run. */
export class RunObserver implements CopyFilter {
  readonly isOneProducer = true;
  readonly producerId: string;
  #run: { first: number; last: number; firstId: string } | undefined;
  #isRun = true;

  constructor(producerId: string) {
    this.producerId = producerId;
  }

  /** The numbers seen; `undefined` if there were none. */
  get run(): NumberRun | undefined {
    return this.#run;
  }

  /** False once a number did not follow the one before it. */
  get isRun(): boolean {
    return this.#isRun;
  }

  isCopy(record: EventRecord, sequence: number): boolean {
    return record.metadata.producer_id === this.producerId && this.isKnown(sequence, record);
  }

  isKnown(sequence: number, record: { readonly id: string }): boolean {
    if (sequence < 0) return false;
    if (!this.#run) {
      this.#run = { first: sequence, last: sequence, firstId: record.id };
    } else {
      if (sequence !== this.#run.last + 1) this.#isRun = false;
      this.#run.last = sequence;
    }
    return false;
  }

  /** The same for records with the numbers from `first` to `last` in turn. */
  addRun(first: number, last: number, firstRecord: { readonly id: string } | undefined): boolean {
    if (!firstRecord) return false;
    this.isKnown(first, firstRecord);
    this.#run!.last = last;
    return true;
  }
}

/** The copies in one producer's chain: records of that producer with a number that was met before. */
export class ChainCopies implements CopyFilter {
  readonly isOneProducer = true;
  readonly producerId: string;
  readonly #seen: SeenRecords;

  /** @param isBackward whether the numbers go down */
  constructor(producerId: string, isBackward = false) {
    this.producerId = producerId;
    this.#seen = new SeenRecords(isBackward ? limits.maxDoubtfulRecords : 1);
  }

  /** The numbers that were met. */
  get sequences(): SeenRecords["sequences"] {
    return this.#seen.sequences;
  }

  isCopy(record: EventRecord, sequence: number, _path: string): boolean {
    return record.metadata.producer_id === this.producerId && this.isKnown(sequence, record);
  }

  /** Takes records of the producer with the numbers from `first` to `last` in turn; false if one may be a copy. */
  addRun(first: number, last: number, firstRecord: { readonly id: string } | undefined): boolean {
    return this.#seen.addRun(first, last, firstRecord);
  }

  /** The same for a record of the producer itself, whose id is read only where it matters. */
  isKnown(sequence: number, record: { readonly id: string }): boolean {
    return sequence >= 0 && !this.#seen.add(sequence, record);
  }
}
