import { FlushError } from "../errors.js";

/** Somebody who waits until a writer has settled all events accepted so far. */
interface Waiter {
  /** Accepted events at the time of asking. */
  readonly target: number;
  /** Waits through failed attempts until it is cancelled. */
  readonly isPatient: boolean;
  resolve(): void;
  reject(error: FlushError): void;
}

/** Why waiters are turned away. */
export interface FlushFailure {
  readonly code: string;
  readonly message: string;
  readonly cause?: unknown;
}

/** What a caller of `flush` holds. */
export interface FlushTicket {
  readonly done: Promise<void>;
  /** Turns this one away, if it still waits. */
  cancel(failure: FlushFailure, settledEvents: number): void;
}

/** The callers of `flush` that wait for one writer. */
export class FlushWaiters {
  readonly #writer: string;
  #waiters: Waiter[] = [];

  constructor(writer: string) {
    this.#writer = writer;
  }

  add(target: number, isPatient: boolean): FlushTicket {
    let cancel: FlushTicket["cancel"] = () => undefined;
    const done = new Promise<void>((resolve, reject) => {
      const waiter: Waiter = { target, isPatient, resolve, reject };
      this.#waiters.push(waiter);
      cancel = (failure, settledEvents) => this.#turnAway([waiter], failure, settledEvents);
    });
    return { done, cancel };
  }

  /** Whether anybody waits for no more than is settled. */
  hasSatisfied(settledEvents: number): boolean {
    return this.#waiters.some(({ target }) => target <= settledEvents);
  }

  /**
   * Ends the wait of those whose events are settled: well, or with an error when accepted events were lost.
   * Returns whether there was anybody to tell.
   */
  settle(settledEvents: number, lostEvents: number): boolean {
    const satisfied = this.#waiters.filter(({ target }) => target <= settledEvents);
    if (lostEvents > 0) {
      const message = `${lostEvents} accepted events were lost for good by the writer ${this.#writer}`;
      this.#turnAway(satisfied, { code: "EVENTS_LOST", message }, settledEvents, lostEvents);
    } else {
      for (const { resolve } of this.#remove(satisfied)) resolve();
    }
    return satisfied.length > 0;
  }

  /** An attempt failed: those who do not wait for the next one are told. */
  fail(failure: FlushFailure, settledEvents: number): void {
    const impatient = this.#waiters.filter(({ isPatient }) => !isPatient);
    this.#turnAway(impatient, failure, settledEvents);
  }

  /** There will be no further attempt: everybody is told. */
  end(failure: FlushFailure, settledEvents: number): void {
    this.#turnAway([...this.#waiters], failure, settledEvents);
  }

  #turnAway(waiters: readonly Waiter[], failure: FlushFailure, settledEvents: number, lost = 0): void {
    for (const waiter of this.#remove(waiters)) {
      const unwritten = Math.max(0, waiter.target - settledEvents);
      const { code, cause } = failure;
      const message = `${unwritten} events are not written yet: ${failure.message}`;
      const details = { code, unwritten, lost, writer: this.#writer, cause };
      waiter.reject(new FlushError(lost > 0 ? failure.message : message, details));
    }
  }

  /** Those of the given that were still waiting. */
  #remove(waiters: readonly Waiter[]): Waiter[] {
    const leaving = new Set(waiters);
    const removed = this.#waiters.filter((waiter) => leaving.has(waiter));
    this.#waiters = this.#waiters.filter((waiter) => !leaving.has(waiter));
    return removed;
  }
}
