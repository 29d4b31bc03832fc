/** Callers who wait for room in the queue. */
export class Readiness {
  #waiting: Promise<void> | undefined;
  #resolve: () => void = () => undefined;

  /** Resolves with the next {@link announce}; all callers share one promise. */
  wait(): Promise<void> {
    this.#waiting ??= new Promise((resolve) => {
      this.#resolve = resolve;
    });
    return this.#waiting;
  }

  announce(): void {
    this.#waiting = undefined;
    this.#resolve();
  }
}
