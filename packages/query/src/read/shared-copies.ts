import type { EventRecord } from "@prodigy-events/schema";
import { limits } from "../limits.js";
import { SeenRecords } from "../merge/seen-records.js";
import type { PlannedSegment } from "../plan/query-plan.js";
import type { CopyFilter } from "./copy-filter.js";

/**
 * The copies in a shared file, to which many producers append: a record of a producer with a number that was met before. A
 * writer sends a batch again when it cannot know that it is on the disk. Copies stand close together, so that it is enough to
 * know the producers that were met last.
 */
export class SharedCopies implements CopyFilter {
  readonly isOneProducer = false;
  readonly #seen = new Map<string, SeenRecords>();

  isCopy(record: EventRecord, sequence: number): boolean {
    const { producer_id: producerId } = record.metadata;
    return typeof producerId === "string" && this.isKnown(producerId, sequence, record);
  }

  /** The same for a record whose id is read only where it matters. */
  isKnown(producerId: string, sequence: number, record: { readonly id: string }): boolean {
    if (sequence < 0 || producerId === "") return false;
    const known = this.#seen.get(producerId);
    const seen = known ?? new SeenRecords();
    if (!known || this.#seen.size === limits.maxSharedProducers) this.#keep(producerId, seen);
    return !seen.add(sequence, record);
  }

  /** Keeps a producer in mind longer than all others. */
  #keep(producerId: string, seen: SeenRecords): void {
    this.#seen.delete(producerId);
    this.#seen.set(producerId, seen);
    if (this.#seen.size > limits.maxSharedProducers)
      this.#seen.delete(this.#seen.keys().next().value as string);
  }
}

/** What knows the copies in a file that is read by itself; `undefined` where it cannot have any of ours. */
export function copiesOfFile({ source }: PlannedSegment): SharedCopies | undefined {
  return source.segment.kind === "shared" ? new SharedCopies() : undefined;
}
