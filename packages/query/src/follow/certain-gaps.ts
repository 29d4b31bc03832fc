import { type NumberRange, subtract } from "../verify/ranges.js";
import type { ChainNumbers, Stretch } from "./chain-numbers.js";

/** What is known of the numbers of a chain. */
export interface ReadNumbers extends Pick<ChainNumbers, "dropped" | "isOrdered"> {
  readonly sequences: Pick<ChainNumbers["sequences"], "ranges" | "isComplete">;
}

/** Numbers that no record has, and the file in which the numbers skip them. */
export interface CertainGap extends NumberRange {
  readonly path: string;
}

/**
 * The numbers between the least and the greatest that were read of a chain which surely no record of it has. Pure.
 *
 * A segment that was read in part, or not at all, may hold what seems to be missing: nothing up to `unreadUpTo` is
 * told. Nor is anything of a chain whose numbers are not in the order in which they were written, or too scattered to keep.
 *
 * @param stretches what was read of its segments, in their order
 * @param unreadUpTo the greatest number that may stand in what was not read; -1 when everything was
 */
export function certainGaps(
  { sequences: { ranges, isComplete }, dropped, isOrdered }: ReadNumbers,
  stretches: readonly Stretch[],
  unreadUpTo: number,
): CertainGap[] {
  const met = ranges.map(([first, last]): NumberRange => ({ first, last }));
  const least = met[0];
  const greatest = met.at(-1);
  if (!isComplete || !isOrdered || least === undefined || greatest === undefined) return [];
  // The greatest number was written last. Where it was not, damage has made it.
  if (stretches.at(-1)?.last !== greatest.last) return [];
  const covered = { first: Math.max(least.first, unreadUpTo + 1), last: greatest.last };
  return subtract([covered], [...met, ...dropped]).map(({ first, last }) => ({
    first,
    last,
    path: stretches.find((stretch) => stretch.last > last)!.path,
  }));
}
