import { limits } from "../limits.js";

/**
 * How long to wait before the next attempt, in milliseconds, after so many failed in a row (1 for the first).
 * Doubles from one to the next; `chance`, between 0 and 1, takes away up to a quarter.
 */
export function backoffMs(failures: number, chance: number): number {
  const doubled = limits.firstBackoffMs * 2 ** Math.min(failures - 1, 30);
  return Math.min(doubled, limits.maxBackoffMs) * (1 - limits.backoffJitter * chance);
}
