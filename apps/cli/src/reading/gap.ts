import type { Gap } from "@prodigy-events/query";
import { formatCount } from "../output/count-text.js";

/** `gap: producer k3f9a1c2 sequence 1200..1630 (431 records) was removed before it was read: FILE`. */
export function describeGap({ reason, producerId, fromSequence, toSequence, path }: Gap): string {
  const range =
    toSequence === undefined
      ? `${fromSequence}.. (nobody can tell how many records)`
      : `${fromSequence}..${toSequence} (${formatCount(toSequence - fromSequence + 1)} records)`;
  return `gap: producer ${producerId} sequence ${range} ${
    reason === "removed" ? "was removed before it was read" : "is missing"
  }: ${path}`;
}

/** The same as JSON. A stable contract. */
export function gapDocument({ reason, producerId, fromSequence, toSequence, path }: Gap): object {
  return {
    reason,
    producer_id: producerId,
    from_sequence: fromSequence,
    to_sequence: toSequence ?? null,
    path,
  };
}
