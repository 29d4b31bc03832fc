import { builtinEvents, type Catalog, type EventRecord } from "@prodigy-events/schema";
import { instantOf } from "../time/instant.js";
import { compileFilter } from "./compile-filter.js";
import type { Query } from "./query.js";

/** Before all instants: that of a record whose timestamp cannot be read. */
const never = { ms: Number.NEGATIVE_INFINITY, nanos: 0 };

/**
 * Whether a record passes the filters of a query (see `resolveQuery`), whose limit and order are not its matter: for
 * whoever reads lines without asking a store.
 */
export function recordFilter(
  query: Query,
  catalog: Catalog<unknown> = builtinEvents,
): (record: EventRecord, line: string) => boolean {
  const accepts = compileFilter(query, catalog);
  return (record, line) => accepts(record, instantOf(record.timestamp) ?? never, line);
}
