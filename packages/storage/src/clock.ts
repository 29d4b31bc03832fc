/** Where the time comes from, so that tests can stop it. */
export interface Clock {
  /** Milliseconds since the Unix epoch. May step backwards when the machine's clock is corrected. */
  now(): number;
}

/** The clock of this machine. */
export const systemClock: Clock = { now: () => Date.now() };
