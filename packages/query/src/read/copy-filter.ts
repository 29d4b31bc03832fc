import type { EventRecord } from "@prodigy-events/schema";
import { limits } from "../limits.js";
import { SeenRecords } from "../merge/seen-records.js";

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

  isCopy(record: EventRecord, sequence: number): boolean {
    return record.metadata.producer_id === this.producerId && this.isKnown(sequence, record);
  }

  /** The same for a record of the producer itself, whose id is read only where it matters. */
  isKnown(sequence: number, record: { readonly id: string }): boolean {
    return sequence >= 0 && !this.#seen.add(sequence, record);
  }
}
