import type { QueryInput } from "@prodigy-events/query";
import type { Severity } from "@prodigy-events/schema";
import type { OptionValues } from "../arguments/option-table.js";
import type { filterOptions } from "../options/filter-options.js";
import { parseWholeNumber } from "../options/whole-number.js";

/** The values of the filter options. */
export type FilterValues = OptionValues<typeof filterOptions> & { readonly utc?: boolean };

/** The filters of the command line as a question, without limit and order. */
export function filterOf(values: FilterValues): QueryInput {
  return {
    jobId: values["job-id"],
    agentId: values["agent-id"],
    itemId: values["item-id"],
    eventTypes: values["event-type"],
    correlationId: values["correlation-id"],
    severity: values.severity as readonly Severity[],
    category: values.category,
    since: values.since,
    until: values.until,
    timeZone: timeZoneOf(values),
  };
}

/** `--tz`, or UTC with `--utc`; undefined is this machine's zone. */
export function timeZoneOf(values: {
  readonly tz?: string | undefined;
  readonly utc?: boolean;
}): string | undefined {
  return values.tz ?? (values.utc === true ? "UTC" : undefined);
}

/** `--limit`; undefined when it was not given. */
export function limitOf(values: { readonly limit: string | undefined }): number | undefined {
  return values.limit === undefined ? undefined : parseWholeNumber("--limit", values.limit);
}

/** Whether any filter was given, and which, for saying what nothing matched. */
export function describeFilter(values: FilterValues): string {
  const given = (
    ["job-id", "agent-id", "item-id", "event-type", "correlation-id", "severity", "category"] as const
  )
    .filter((name) => values[name].length > 0)
    .map((name) => `--${name} ${values[name].join(",")}`);
  if (values.since !== undefined) given.push(`--since ${values.since}`);
  if (values.until !== undefined) given.push(`--until ${values.until}`);
  return given.join(" ");
}
