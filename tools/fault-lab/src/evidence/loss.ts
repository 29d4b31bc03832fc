import type { JobContent } from "./read-job.js";

/** What became of acknowledged records. */
export interface Loss {
  readonly acked: number;
  readonly lost: number;
  readonly dup: number;
  /** One line for each producer that lost something, or of whom something is there twice. */
  readonly failures: readonly string[];
}

/** Compares what was acknowledged, by producer, with what is read back. */
export function lossOf(
  acknowledged: ReadonlyMap<string, number>,
  { byProducer, invented }: Pick<JobContent, "byProducer" | "invented">,
): Loss {
  const failures: string[] = [];
  let acked = 0;
  let lost = 0;
  for (const [producerId, events] of acknowledged) {
    acked += events;
    const missing = byProducer.get(producerId)?.missingBelow(events) ?? upTo(events);
    lost += missing.length;
    if (missing.length > 0) {
      failures.push(`${producerId} lost ${missing.length} of ${events} acknowledged, first ${missing[0]}`);
    }
  }
  let dup = 0;
  for (const [producerId, { repeated }] of byProducer) {
    dup += repeated;
    if (repeated > 0) failures.push(`${producerId}: ${repeated} records read more than once`);
  }
  if (invented > 0) failures.push(`${invented} records that nobody logged`);
  return { acked, lost, dup, failures };
}

function upTo(bound: number): number[] {
  return Array.from({ length: bound }, (_, index) => index);
}
