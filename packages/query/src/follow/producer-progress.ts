import type { EventRecord } from "@prodigy-events/schema";
import { SeenRecords } from "../merge/seen-records.js";
import type { CopyFilter } from "../read/copy-filter.js";
import type { Gap } from "./follow-input.js";

/**
 * How far a producer's records have been followed: knows copies, and notices numbers that were skipped. An
 * `events_dropped` record accounts for the numbers it names.
 */
export class ProducerProgress implements CopyFilter {
  readonly isOneProducer = true;
  readonly #producerId: string;
  readonly #onGap: (gap: Gap) => void;
  readonly #seen: SeenRecords;
  /** The next number, if the numbers go on without a gap; `undefined` when any may come. */
  #expected: number | undefined;

  /** @param seenUpTo the last number that is taken to have been seen, -1 for none; `undefined` if nothing is known */
  constructor(producerId: string, seenUpTo: number | undefined, onGap: (gap: Gap) => void) {
    this.#producerId = producerId;
    this.#onGap = onGap;
    this.#seen = new SeenRecords(seenUpTo);
    if (seenUpTo !== undefined) this.#expected = seenUpTo + 1;
  }

  isCopy(record: EventRecord, sequence: number, path: string): boolean {
    if (sequence < 0 || record.metadata.producer_id !== this.#producerId) return false;
    if (!this.#seen.add(sequence, record.id)) return true;
    const first = firstAccountedFor(record, sequence);
    if (this.#expected !== undefined && first > this.#expected) this.#notice("missing", first - 1, path);
    this.#expected = Math.max(this.#expected ?? 0, sequence + 1);
    return false;
  }

  /** A segment was removed before all of it was read; `lastSequence` is what its manifest says, if there is one. */
  removed(path: string, lastSequence: number | undefined): void {
    if (lastSequence !== undefined && this.#expected !== undefined && lastSequence < this.#expected) return;
    this.#notice("removed", lastSequence, path);
    this.#expected = lastSequence === undefined ? undefined : lastSequence + 1;
  }

  #notice(reason: Gap["reason"], toSequence: number | undefined, path: string): void {
    this.#onGap({
      reason,
      producerId: this.#producerId,
      fromSequence: this.#expected ?? 0,
      toSequence,
      path,
    });
  }
}

function firstAccountedFor({ event }: EventRecord, sequence: number): number {
  const from = event.event_type === "events_dropped" ? event.from_sequence : undefined;
  return typeof from === "number" && from <= sequence ? from : sequence;
}
