import { QueryError } from "../errors.js";
import { limits } from "../limits.js";
import type { Match } from "../read/match.js";

/**
 * The one record whose id is `idOrPrefix`, or begins with it; `undefined` when there is none. A record with exactly
 * that id wins over longer ids that begin with it.
 *
 * @throws QueryError `AMBIGUOUS_ID` when several ids begin with it
 */
export async function findRecord(
  batches: AsyncGenerator<Match[], void>,
  idOrPrefix: string,
): Promise<Match | undefined> {
  const found = new Map<string, Match>();
  for await (const batch of batches) {
    for (const match of batch) {
      if (match.record.id === idOrPrefix) return match;
      if (found.size <= limits.maxAmbiguousIds && !found.has(match.record.id))
        found.set(match.record.id, match);
    }
  }
  if (found.size <= 1) return found.values().next().value;
  const ids = [...found.keys()];
  const shown = ids.slice(0, limits.maxAmbiguousIds).join(", ");
  throw new QueryError(
    "AMBIGUOUS_ID",
    `${idOrPrefix} begins ${ids.length > limits.maxAmbiguousIds ? "more than " : ""}${Math.min(ids.length, limits.maxAmbiguousIds)} ids: ${shown}; give more of it`,
  );
}
