import type { Clock } from "@prodigy-events/storage";

/** The time of a record. */
export interface RecordTime {
  /** Milliseconds since the Unix epoch. */
  readonly epochMs: number;
  /** RFC 3339, UTC, with milliseconds. */
  readonly timestamp: string;
}

/** Times that never decrease, whatever the machine's clock does. One object serves a whole millisecond. */
export class RecordClock {
  readonly #clock: Clock;
  #last: RecordTime = { epochMs: Number.NEGATIVE_INFINITY, timestamp: "" };

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  now(): RecordTime {
    const epochMs = this.#clock.now();
    if (epochMs > this.#last.epochMs) {
      this.#last = { epochMs, timestamp: new Date(epochMs).toISOString() };
    }
    return this.#last;
  }
}
