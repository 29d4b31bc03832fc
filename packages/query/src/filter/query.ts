import { formatTimestamp, type Severity } from "@prodigy-events/schema";
import { QueryError } from "../errors.js";
import { parseTimeArgument, type TimeContext } from "../time/time-argument.js";
import { normalizeTypePattern } from "./event-type-pattern.js";

/** Which records are wanted. Every field that is given must match; of several values of one field, one must. */
export interface Filter {
  readonly jobId?: string | readonly string[] | undefined;
  readonly agentId?: string | readonly string[] | undefined;
  readonly itemId?: string | readonly string[] | undefined;
  /** Types in either spelling (`agent_failed`, `AgentFailed`), or globs over them (`agent_*`). */
  readonly eventTypes?: string | readonly string[] | undefined;
  readonly correlationId?: string | readonly string[] | undefined;
  readonly severity?: Severity | readonly Severity[] | undefined;
  readonly category?: string | readonly string[] | undefined;
  /** The earliest wanted instant, itself included: a time argument (`2h`, `14:05`, RFC 3339), a Date, or nanoseconds. */
  readonly since?: string | Date | bigint | undefined;
  /** The latest wanted instant, itself included. */
  readonly until?: string | Date | bigint | undefined;
}

export type Order = "newest" | "oldest";

/** A question as it is asked. An empty list asks for nothing in particular, like a field left out. */
export interface QueryInput extends Filter {
  /** How many records; 0 or left out for all. They always come in time order. */
  readonly limit?: number | undefined;
  /** Which end the limit keeps: the newest (the default) or the oldest. */
  readonly order?: Order | undefined;
  /** IANA name of the zone of times without an offset; without it, the zone of this machine. */
  readonly timeZone?: string | undefined;
  /** The first malformed line ends the stream with a `QueryError` `MALFORMED`. */
  readonly strict?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A question with everything resolved: frozen plain data that survives `JSON.stringify`. Empty lists ask for nothing. */
export interface Query {
  readonly jobIds: readonly string[];
  readonly agentIds: readonly string[];
  readonly itemIds: readonly string[];
  readonly eventTypes: readonly string[];
  readonly correlationIds: readonly string[];
  readonly severities: readonly string[];
  readonly categories: readonly string[];
  /** RFC 3339 in UTC, to the nanosecond. */
  readonly since: string | null;
  readonly until: string | null;
  /** 0 is all. */
  readonly limit: number;
  readonly order: Order;
  readonly strict: boolean;
}

const severities: readonly string[] = ["info", "warning", "error"];
const nanosPerMs = 1_000_000n;

/**
 * Resolves a question once: time arguments become instants, type names their normalised spelling.
 *
 * @throws QueryError `BAD_TIME`, `BAD_TIME_ZONE`, `BAD_RANGE`, `BAD_LIMIT`, `BAD_ORDER`, `BAD_FILTER`
 */
export function resolveQuery(input: QueryInput, now: number): Query {
  const context: TimeContext = { now, timeZone: input.timeZone };
  const since = instant("since", input.since, context);
  const until = instant("until", input.until, context);
  if (since !== null && until !== null && since > until) {
    throw new QueryError(
      "BAD_RANGE",
      `since (${formatTimestamp(since)}) lies after until (${formatTimestamp(until)}): exchange them`,
    );
  }
  const query: Query = {
    jobIds: values("jobId", input.jobId),
    agentIds: values("agentId", input.agentId),
    itemIds: values("itemId", input.itemId),
    eventTypes: Object.freeze(values("eventTypes", input.eventTypes).map(normalizeTypePattern)),
    correlationIds: values("correlationId", input.correlationId),
    severities: knownSeverities(values("severity", input.severity)),
    categories: values("category", input.category),
    since: since === null ? null : formatTimestamp(since),
    until: until === null ? null : formatTimestamp(until),
    limit: checkedLimit(input.limit),
    order: checkedOrder(input.order),
    strict: input.strict ?? false,
  };
  return Object.freeze(query);
}

/** Whether a question leaves out records by any of its filters. */
export function hasFilter(query: Query): boolean {
  const { jobIds, agentIds, itemIds, eventTypes, correlationIds, severities, categories } = query;
  const lists = [jobIds, agentIds, itemIds, eventTypes, correlationIds, severities, categories];
  return query.since !== null || query.until !== null || lists.some((list) => list.length > 0);
}

function values(name: string, value: string | readonly string[] | undefined): readonly string[] {
  const list = value === undefined ? [] : typeof value === "string" ? [value] : [...value];
  for (const each of list) {
    if (typeof each !== "string") {
      throw new QueryError("BAD_FILTER", `${name} takes strings, and was given ${JSON.stringify(each)}`);
    }
  }
  return Object.freeze(list);
}

function knownSeverities(list: readonly string[]): readonly string[] {
  const unknown = list.find((severity) => !severities.includes(severity));
  if (unknown === undefined) return list;
  throw new QueryError(
    "BAD_FILTER",
    `unknown severity ${JSON.stringify(unknown)}: give info, warning or error`,
  );
}

function checkedLimit(limit: number | undefined): number {
  const count = limit ?? 0;
  if (Number.isSafeInteger(count) && count >= 0) return count;
  throw new QueryError(
    "BAD_LIMIT",
    `limit must be a whole number of records, or 0 for all, not ${String(limit)}`,
  );
}

function checkedOrder(order: Order | undefined): Order {
  if (order === undefined || order === "newest" || order === "oldest") return order ?? "newest";
  throw new QueryError("BAD_ORDER", `order is newest or oldest, not ${JSON.stringify(order)}`);
}

function instant(
  name: string,
  value: string | Date | bigint | undefined,
  context: TimeContext,
): bigint | null {
  if (value === undefined) return null;
  if (typeof value === "bigint") return value;
  if (typeof value === "string") return parseTimeArgument(value, context);
  const ms = value instanceof Date ? value.getTime() : Number.NaN;
  if (Number.isNaN(ms)) throw new QueryError("BAD_TIME", `${name} is not a valid Date`);
  return BigInt(ms) * nanosPerMs;
}
