import type { EventRecord } from "@prodigy-events/schema";
import { limits } from "../limits.js";
import { SeenRecords } from "../merge/seen-records.js";
import { type NumberRange, subtract, unite } from "./ranges.js";

/** A record's number; -1 for none. */
export function sequenceOf({ metadata: { sequence } }: EventRecord): number {
  return Number.isSafeInteger(sequence) && (sequence as number) >= 0 ? (sequence as number) : -1;
}

/** Who wrote a record, as it says itself; `""` when it does not say. */
export function producerOf({ metadata: { producer_id: producerId } }: EventRecord): string {
  return typeof producerId === "string" ? producerId : "";
}

/** What is known of one producer's numbers. */
interface Numbers {
  readonly seen: SeenRecords;
  /** Numbers that its records say were dropped. */
  dropped: NumberRange[];
  duplicates: number;
}

/** What is missing of one producer. */
export interface ProducerGaps {
  readonly producerId: string;
  readonly gaps: readonly NumberRange[];
  readonly duplicates: number;
  /** False when its numbers are too scattered to keep; then there are no gaps. */
  readonly isComplete: boolean;
}

/** The numbers of the producers of one directory (or of one segment): which were met, how often, and which are missing. */
export class ProducerNumbers {
  readonly #producers = new Map<string, Numbers>();
  #untracked = 0;

  /** Records of producers that there was no room for. */
  get untracked(): number {
    return this.#untracked;
  }

  /** Adds a record with a number; false if it, or a copy of it, was met before. */
  add(record: EventRecord, producerId: string, sequence: number): boolean {
    let numbers = this.#producers.get(producerId);
    if (numbers === undefined) {
      if (this.#producers.size >= limits.maxTrackedProducers) {
        this.#untracked++;
        return true;
      }
      numbers = { seen: new SeenRecords(), dropped: [], duplicates: 0 };
      this.#producers.set(producerId, numbers);
    }
    const isNew = numbers.seen.add(sequence, record);
    if (!isNew) numbers.duplicates++;
    const from = record.event.event_type === "events_dropped" ? record.event.from_sequence : undefined;
    if (isNew && Number.isSafeInteger(from) && (from as number) >= 0 && (from as number) < sequence) {
      numbers.dropped.push({ first: from as number, last: sequence - 1 });
      if (numbers.dropped.length > limits.maxSequenceRanges) numbers.dropped = unite(numbers.dropped);
    }
    return isNew;
  }

  /**
   * What is missing, producer by producer: numbers below the greatest that was met (from 0, or from the least) which no
   * record has, none says were dropped, and nothing else accounts for.
   */
  *missing(
    accountedFor: (producerId: string) => readonly NumberRange[],
    from: "zero" | "least",
  ): Generator<ProducerGaps, void> {
    for (const producerId of [...this.#producers.keys()].sort()) {
      const { seen, dropped, duplicates } = this.#producers.get(producerId)!;
      const { ranges, isComplete, last } = seen.sequences;
      const first = from === "zero" ? 0 : (ranges[0]?.[0] ?? 0);
      const met = ranges.map(([start, end]) => ({ first: start, last: end }));
      const known = [...met, ...dropped, ...accountedFor(producerId)];
      const gaps = isComplete ? subtract([{ first, last }], known) : [];
      yield { producerId, gaps, duplicates, isComplete };
    }
  }
}
