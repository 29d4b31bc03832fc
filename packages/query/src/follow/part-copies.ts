import type { EventRecord } from "@prodigy-events/schema";
import type { CopyFilter } from "../read/copy-filter.js";
import type { ProducerProgress } from "./producer-progress.js";

/** Copies in a part of a producer's segment, which has numbers of the producer that the others skip. */
export class PartCopies implements CopyFilter {
  readonly isOneProducer = true;
  readonly #progress: ProducerProgress;

  constructor(progress: ProducerProgress) {
    this.#progress = progress;
  }

  /** Everything that was read has been taken. */
  commit(): void {
    this.#progress.commit();
  }

  isCopy(record: EventRecord, sequence: number): boolean {
    return this.#progress.isCopyInPart(record, sequence);
  }
}
