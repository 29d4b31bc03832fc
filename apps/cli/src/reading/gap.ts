import type { Gap } from "@prodigy-events/query";
import { plural } from "../output/count-text.js";

/** `gap: producer k3f9a1c2 sequence 1200..1630 (431 records) removed by clean; see FILE`. */
export function describeGap(gap: Gap): string {
  return `gap: ${whatOf(gap)} ${whereOf(gap)}`;
}

function whatOf({ producerId, fromSequence, toSequence }: Gap): string {
  if (producerId === undefined || fromSequence === undefined)
    return "records of a shared file (nobody can tell how many)";
  const range =
    toSequence === undefined
      ? `${fromSequence}.. (nobody can tell how many records)`
      : `${fromSequence}..${toSequence} (${plural(toSequence - fromSequence + 1, "record")})`;
  return `producer ${producerId} sequence ${range}`;
}

function whereOf({ reason, path, removedBy, archive }: Gap): string {
  if (reason === "missing") return `missing: ${path}`;
  if (reason === "truncated" || reason === "replaced")
    return `may have gone unread when it was ${reason}: ${path}`;
  if (removedBy === undefined) return `removed before they were read: ${path}`;
  return archive === undefined
    ? `removed by clean, without an archive: ${path}`
    : `removed by clean; see ${archive}`;
}

/** The same as JSON. A stable contract. */
export function gapDocument(gap: Gap): object {
  return {
    reason: gap.reason,
    producer_id: gap.producerId ?? null,
    from_sequence: gap.fromSequence ?? null,
    to_sequence: gap.toSequence ?? null,
    path: gap.path,
    removed_by: gap.removedBy ?? null,
    archive: gap.archive ?? null,
  };
}
