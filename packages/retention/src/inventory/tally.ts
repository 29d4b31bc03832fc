import type { Tally } from "./inventory.js";
import { ProducerSequences } from "./producer-sequences.js";
import type { ScannedRecord } from "./scan-records.js";

/** Counts records as they pass by. */
export class TallyBuilder {
  #records = 0;
  #bytes = 0;
  readonly #sequences = new ProducerSequences();

  /** Counts a record; false when a copy of it was counted before. */
  add({ key, bytes, dropped }: ScannedRecord): boolean {
    this.#records += 1;
    this.#bytes += bytes;
    if (dropped !== undefined) this.#sequences.addDropped(dropped);
    return this.#sequences.add(key);
  }

  /** What was counted so far. */
  finish(): Tally {
    return { records: this.#records, bytes: this.#bytes, ranges: this.#sequences.toRanges() };
  }
}
