import type { EventRecord } from "@prodigy-events/schema";
import { SeenRecords } from "../merge/seen-records.js";
import { SequenceSet } from "../merge/sequence-set.js";
import type { CopyFilter } from "../read/copy-filter.js";
import { type NumberRange, subtract, unite } from "../verify/ranges.js";
import type { ProducerCursor } from "./follow-cursor.js";
import type { Gap } from "./follow-input.js";

/**
 * How far a producer's records have been followed: knows copies, and notices numbers that were skipped. An
 * `events_dropped` record accounts for the numbers it names.
 */
export class ProducerProgress implements CopyFilter {
  readonly isOneProducer = true;
  readonly #producerId: string;
  readonly #onGap: (gap: Gap) => void;
  readonly #seen = new SeenRecords();
  /** The next number, if the numbers go on without a gap; `undefined` when any may come. */
  #expected: number | undefined;

  /** What `#expected` was when everything read had been taken. */
  #taken: number | undefined;
  /** Numbers that stand in parts of segments, which are read by themselves. */
  #inParts: readonly NumberRange[] = [];
  /** Those of them that were read since everything read had been taken. */
  #untakenInParts = new SequenceSet();

  /**
   * @param next the number that comes next if there is no gap; `undefined` if nothing is known
   * @param missing those below it that have not come
   */
  constructor(
    producerId: string,
    next: number | undefined,
    onGap: (gap: Gap) => void,
    missing: ProducerCursor["missing"] = [],
  ) {
    this.#producerId = producerId;
    this.#onGap = onGap;
    this.#expected = next;
    this.#taken = next;
    if (next !== undefined) this.#seen.addBelow(next, missing);
  }

  /** The next number; `undefined` when any may come. */
  get expected(): number | undefined {
    return this.#expected;
  }

  /** Everything that was read has been taken. */
  commit(): void {
    this.#taken = this.#expected;
    this.#untakenInParts = new SequenceSet();
  }

  /** These numbers stand in a part of a segment, so that the segments may skip them. */
  expectInPart(ranges: readonly NumberRange[]): void {
    this.#inParts = unite([...this.#inParts, ...ranges]);
  }

  /** How far records have been taken. `lastTaken` is the number of the last one since `commit`, if there is one. */
  taken(lastTaken: number | undefined): Pick<ProducerCursor, "nextSequence" | "missing"> {
    const next = lastTaken === undefined ? this.#taken : Math.max(this.#taken ?? 0, lastTaken + 1);
    if (next === undefined) return { nextSequence: null, missing: [] };
    const notTaken = this.#untakenInParts.ranges.map(
      ([first, last]) => [first, Math.min(last, next - 1)] as const,
    );
    const missing = [...this.#seen.sequences.missingBelow(next), ...notTaken];
    const united = unite(missing.map(([first, last]) => ({ first, last })));
    return { nextSequence: next, missing: united.map(({ first, last }) => [first, last] as const) };
  }

  isCopy(record: EventRecord, sequence: number, path: string): boolean {
    if (sequence < 0 || record.metadata.producer_id !== this.#producerId) return false;
    if (!this.#seen.add(sequence, record)) return true;
    const first = firstAccountedFor(record, sequence);
    if (this.#expected !== undefined && first > this.#expected) this.#notice("missing", first - 1, path);
    this.#expected = Math.max(this.#expected ?? 0, sequence + 1);
    return false;
  }

  /** The same for a record in a part of a segment: what its number says of others, `expectInPart` was told. */
  isCopyInPart(record: EventRecord, sequence: number): boolean {
    if (sequence < 0 || record.metadata.producer_id !== this.#producerId) return false;
    if (!this.#seen.add(sequence, record)) return true;
    this.#untakenInParts.add(sequence);
    return false;
  }

  /** Numbers up to `last` will not come, and somebody was told. */
  passOver(last: number): void {
    this.#expected = Math.max(this.#expected ?? 0, last + 1);
  }

  /** A segment was removed before all of it was read; `lastSequence` is what its manifest says, if there is one. */
  removed(path: string, lastSequence: number | undefined): void {
    if (lastSequence !== undefined && this.#expected !== undefined && lastSequence < this.#expected) return;
    this.#notice("removed", lastSequence, path);
    this.#expected = lastSequence === undefined ? undefined : lastSequence + 1;
  }

  /** Numbers from the expected one on will not come, except those in parts. */
  #notice(reason: Gap["reason"], toSequence: number | undefined, path: string): void {
    const producerId = this.#producerId;
    const first = this.#expected ?? 0;
    if (toSequence === undefined) {
      this.#onGap({ reason, producerId, fromSequence: first, toSequence, path });
      return;
    }
    for (const gap of subtract([{ first, last: toSequence }], this.#inParts))
      this.#onGap({ reason, producerId, fromSequence: gap.first, toSequence: gap.last, path });
  }
}

/** The first number that a record accounts for: its own, or with `events_dropped` the first one that was dropped. */
export function firstAccountedFor({ event }: EventRecord, sequence: number): number {
  const from = event.event_type === "events_dropped" ? event.from_sequence : undefined;
  return typeof from === "number" && from <= sequence ? from : sequence;
}
