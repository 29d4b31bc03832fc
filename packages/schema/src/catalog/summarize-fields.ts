import type { AnyEvent } from "../events.js";
import { limits } from "../limits.js";
import { beside, firstLine, phrase } from "../traits/wording.js";

/** Shown beside a summary anyway. */
const shownElsewhere: ReadonlySet<string> = new Set(["event_type", "job_id", "agent_id", "item_id"]);

/** The summary of an event about whose type nothing is known: its first plain fields, `target=web · warnings=3`. */
export function summarizeFields(event: AnyEvent): string {
  const plainFields = Object.entries(event).filter(
    ([name, value]) => !shownElsewhere.has(name) && plainTypes.has(typeof value),
  );
  return beside(
    ...plainFields
      .slice(0, limits.maxSummaryFields)
      .map(([name, value]) => phrase(`${firstLine(name)}=`, firstLine(String(value)))),
  );
}

const plainTypes: ReadonlySet<string> = new Set(["string", "number", "boolean"]);
