import type { FollowerReport } from "../programs/follower-report.js";

/** How complete a follower was. */
export interface Followed {
  /** Acknowledged records that did not come. */
  readonly missed: number;
  /** Of those, the ones that no gap tells of. */
  readonly missedUntold: number;
  readonly repeated: number;
}

/** Compares what a follower has seen, and was told to be missing, with what was acknowledged. */
export function followedOf(
  acknowledged: ReadonlyMap<string, number>,
  { producers, gaps }: Pick<FollowerReport, "producers" | "gaps">,
): Followed {
  let missed = 0;
  let missedUntold = 0;
  for (const [producerId, events] of acknowledged) {
    const seen = producers.find((producer) => producer.producerId === producerId);
    const end = Math.min(events, seen?.end ?? 0);
    const tail = Array.from({ length: events - end }, (_, index) => end + index);
    const missing = [...(seen?.missing ?? []).filter((sequence) => sequence < events), ...tail];
    const told = gaps.filter((gap) => gap.producerId === producerId);
    missed += missing.length;
    missedUntold += missing.filter(
      (sequence) =>
        !told.some(
          ({ fromSequence = 0, toSequence = Number.POSITIVE_INFINITY }) =>
            fromSequence <= sequence && sequence <= toSequence,
        ),
    ).length;
  }
  const repeated = producers.reduce((sum, producer) => sum + producer.repeated, 0);
  return { missed, missedUntold, repeated };
}
