import { parseTimestamp } from "@prodigy-events/schema";

/**
 * A point in time as two exact numbers, which compare far faster than a bigint of nanoseconds: whole milliseconds
 * since the Unix epoch (rounded down), and the nanoseconds within that millisecond (0 to 999,999).
 */
export interface Instant {
  readonly ms: number;
  readonly nanos: number;
}

const nanosPerMs = 1_000_000n;

/** Negative, zero or positive as `a` is before, at or after `b`. */
export function compareInstants(a: Instant, b: Instant): number {
  return a.ms - b.ms || a.nanos - b.nanos;
}

/** The instant of nanoseconds since the Unix epoch. */
export function instantOfNanos(epochNanos: bigint): Instant {
  const nanos = ((epochNanos % nanosPerMs) + nanosPerMs) % nanosPerMs;
  return { ms: Number((epochNanos - nanos) / nanosPerMs), nanos: Number(nanos) };
}

/** The instant of a timestamp; `undefined` if it is none. */
export function instantOf(timestamp: string): Instant | undefined {
  const epochNanos = parseTimestamp(timestamp);
  return epochNanos === undefined ? undefined : instantOfNanos(epochNanos);
}
