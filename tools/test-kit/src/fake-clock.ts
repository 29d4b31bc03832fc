/** A clock that stands still until a test moves it. Fits every `Clock` port of the repository. */
export interface FakeClock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Moves the clock by `ms` milliseconds; a negative number is the step back of a corrected clock. */
  advance(ms: number): void;
}

/** A clock that shows `startMs` (milliseconds since the Unix epoch) until it is moved. */
export function fakeClock(startMs = Date.UTC(2026, 0, 1, 12)): FakeClock {
  let nowMs = startMs;
  return {
    now: () => nowMs,
    advance: (ms) => {
      nowMs += ms;
    },
  };
}
