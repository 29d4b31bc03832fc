import type { SequenceRange } from "./inventory.js";
import type { RecordKey } from "./record-key.js";
import { SequenceRanges } from "./sequence-ranges.js";

/** A set of (producer, sequence). Records without these are never in it. */
export class ProducerSequences {
  readonly #rangesByProducer = new Map<string, SequenceRanges>();
  readonly #dropped: SequenceRange[] = [];

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

  /**
   * Notes numbers that a record says were dropped. They belong to the ranges, because nobody can tell any more that
   * they were dropped once that record is gone; no record has them.
   */
  addDropped(range: SequenceRange): void {
    this.#dropped.push(range);
  }

  has(key: RecordKey): boolean {
    return this.#rangesByProducer.get(key.producerId)?.has(key.sequence) ?? false;
  }

  /** As ranges, ordered by producer and sequence, with what was dropped. */
  toRanges(): SequenceRange[] {
    const ranges: SequenceRange[] = [...this.#dropped];
    for (const [producerId, of] of this.#rangesByProducer) {
      for (const range of of) ranges.push({ producerId, ...range });
    }
    return joinRanges(ranges);
  }
}

function joinRanges(ranges: SequenceRange[]): SequenceRange[] {
  const joined: SequenceRange[] = [];
  const compare = (a: SequenceRange, b: SequenceRange) =>
    a.producerId === b.producerId ? a.first - b.first : a.producerId < b.producerId ? -1 : 1;
  for (const range of ranges.sort(compare)) {
    const last = joined.at(-1);
    if (last?.producerId === range.producerId && range.first <= last.last + 1)
      last.last = Math.max(last.last, range.last);
    else joined.push({ ...range });
  }
  return joined;
}

/** Producer and sequence together name one record for good. */
function identifiesRecord({ producerId, sequence }: RecordKey): boolean {
  return producerId !== "" && sequence >= 0;
}
