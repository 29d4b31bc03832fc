import type { Match } from "@prodigy-events/query";
import { reportedRecord } from "./record-view.js";

/**
 * One record as JSON on one line, with normalised type names, durations and failure reasons. A line that is
 * normal already is taken as it stands, so that integers above 2^53 keep their digits.
 */
export function recordJson(match: Match): string {
  const reported = reportedRecord(match);
  return reported === match.record && !mayBeFilledIn(match) ? match.line.trim() : JSON.stringify(reported);
}

/** Whether the job id may come from the store directory: the reader then put it behind all other fields. */
function mayBeFilledIn({ record: { event } }: Match): boolean {
  let last = "";
  for (const key in event) last = key;
  return last === "job_id";
}
