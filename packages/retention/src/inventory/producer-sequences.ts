import type { SequenceRange } from "./inventory.js";
import type { RecordKey } from "./record-key.js";
import { SequenceRanges } from "./sequence-ranges.js";

/** A set of (producer, sequence). Records without these are never in it. */
export class ProducerSequences {
  readonly #rangesByProducer = new Map<string, SequenceRanges>();

  /** Adds a record; false when it, or a copy of it, was there already. */
  add(key: RecordKey): boolean {
    if (!identifiesRecord(key)) return true;
    let ranges = this.#rangesByProducer.get(key.producerId);
    if (ranges === undefined) {
      ranges = new SequenceRanges();
      this.#rangesByProducer.set(key.producerId, ranges);
    }
    return ranges.add(key.sequence);
  }

  has(key: RecordKey): boolean {
    return this.#rangesByProducer.get(key.producerId)?.has(key.sequence) ?? false;
  }

  /** As ranges, ordered by producer and sequence. */
  toRanges(): SequenceRange[] {
    const ranges: SequenceRange[] = [];
    for (const producerId of [...this.#rangesByProducer.keys()].sort()) {
      for (const range of this.#rangesByProducer.get(producerId)!) ranges.push({ producerId, ...range });
    }
    return ranges;
  }
}

/** Producer and sequence together name one record for good. */
function identifiesRecord({ producerId, sequence }: RecordKey): boolean {
  return producerId !== "" && sequence >= 0;
}
