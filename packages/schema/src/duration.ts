const nanosPerSecond = 1_000_000_000;

/**
 * A length of time as it is written: whole seconds and the nanoseconds within the second.
 *
 * In a negative duration, which clocks that are set back bring about, `nanos` still counts forwards, as in Rust's
 * chrono: -0.5 s is `{ secs: -1, nanos: 500_000_000 }`.
 */
export interface Duration {
  secs: number;
  /** 0 to 999,999,999. */
  nanos: number;
}

/**
 * Reads a duration in any form that occurs: `{ secs, nanos }`, `[secs, nanos]` (what chrono's serde writes) or a
 * number of seconds. Undefined if it is none of them or not exact.
 */
export function parseDuration(value: unknown): Duration | undefined {
  if (typeof value === "number") return fromSeconds(value);
  if (Array.isArray(value)) return value.length === 2 ? fromParts(value[0], value[1]) : undefined;
  if (typeof value !== "object" || value === null) return undefined;
  const { secs, nanos } = value as Partial<Record<keyof Duration, unknown>>;
  return fromParts(secs, nanos);
}

/** The length in nanoseconds, exact. */
export function durationToNanos(duration: Duration): bigint {
  return BigInt(duration.secs) * BigInt(nanosPerSecond) + BigInt(duration.nanos);
}

/** The length in milliseconds, as a number: exact to the microsecond or so for lengths up to centuries. */
export function durationToMs(duration: Duration): number {
  return duration.secs * 1000 + duration.nanos / 1_000_000;
}

/**
 * A duration from milliseconds, such as the difference of two `performance.now()`. Throws RangeError if the number is
 * not finite or of more seconds than a number counts exactly.
 */
export function durationFromMs(ms: number): Duration {
  // The rest is taken in milliseconds: as a fraction of many seconds, it would not be exact to the nanosecond.
  const secs = Math.floor(ms / 1000);
  const duration = withNanos(secs, (ms - secs * 1000) * 1_000_000);
  if (!duration) throw new RangeError(`No duration has ${ms} ms: give a finite number below 9e18`);
  return duration;
}

/** Negative, zero or positive, for `sort`. */
export function compareDurations(a: Duration, b: Duration): number {
  return a.secs - b.secs || a.nanos - b.nanos;
}

/** A duration for people, in the two units that matter: `250ms`, `45.0s`, `2m 3s`, `1h 2m`, `3d 4h`. */
export function formatDuration(duration: Duration): string {
  const ms = durationToMs(duration);
  return ms < 0 ? `-${formatMs(-ms)}` : formatMs(ms);
}

/** Each step looks at the value already rounded to its unit, so that 59.96 s is `1m 0s` and never `60.0s`. */
function formatMs(ms: number): string {
  if (ms > 0 && ms < 0.5) return "<1ms";
  if (ms > 0 && Math.round(ms) < 1000) return `${Math.round(ms)}ms`;
  if (Math.round(ms / 100) < 600) return `${(Math.round(ms / 100) / 10).toFixed(1)}s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m ${seconds % 60}s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 1440) return `${Math.floor(minutes / 60)}h ${minutes % 60}m`;
  const hours = Math.round(minutes / 60);
  return `${Math.floor(hours / 24)}d ${hours % 24}h`;
}

function fromSeconds(seconds: number): Duration | undefined {
  const secs = Math.floor(seconds);
  return withNanos(secs, (seconds - secs) * nanosPerSecond);
}

/** Rounds to whole nanoseconds, of which there may be a second's worth then. */
function withNanos(secs: number, nanos: number): Duration | undefined {
  const rounded = Math.round(nanos);
  return rounded === nanosPerSecond ? fromParts(secs + 1, 0) : fromParts(secs, rounded);
}

function fromParts(secs: unknown, nanos: unknown): Duration | undefined {
  const isExact =
    Number.isSafeInteger(secs) &&
    Number.isInteger(nanos) &&
    Number(nanos) >= 0 &&
    Number(nanos) < nanosPerSecond;
  return isExact ? { secs: Number(secs), nanos: Number(nanos) } : undefined;
}
