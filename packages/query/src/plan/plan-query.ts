import { type Bounds, defaultBounds } from "../bounds.js";
import { hasFilter, type Query } from "../filter/query.js";
import type { SourceSegment } from "../source/source-segment.js";
import type { PlannedChain, PlannedSegment, QueryPlan, Strategy } from "./query-plan.js";

/**
 * Decides how a question is answered from what there is. Pure: the same question and segments give the same plan.
 *
 * @param isSearch whether records have to hold something beside what the query asks
 */
export function planQuery(
  query: Query,
  sources: readonly SourceSegment[],
  bounds: Pick<Bounds, "maxHeldMatches"> = defaultBounds,
  isSearch = false,
): QueryPlan {
  const planned = sources.map((source, file): PlannedSegment => Object.freeze({ source, file }));
  return Object.freeze({
    query,
    strategy: strategyFor(query, bounds, isSearch),
    chains: Object.freeze(chainsOf(planned)),
    files: Object.freeze(planned.filter(({ source }) => source.segment.producerId === undefined)),
  });
}

function strategyFor(query: Query, bounds: Pick<Bounds, "maxHeldMatches">, isSearch: boolean): Strategy {
  const { limit, order } = query;
  if (limit > 0 && order === "oldest") return "merge";
  if (limit > 0 && limit <= bounds.maxHeldMatches) return "newest";
  if (isSearch || hasFilter(query)) return "gather";
  return limit === 0 ? "merge" : "count-then-merge";
}

/**
 * Groups a producer's segments. The directory is part of the key: producer ids are random, but a copied directory has
 * the same ones, and its records are records of their own.
 */
function chainsOf(planned: readonly PlannedSegment[]): PlannedChain[] {
  const chains = new Map<string, PlannedSegment[]>();
  for (const each of planned) {
    const { producerId, directory } = each.source.segment;
    if (producerId === undefined) continue;
    const key = `${producerId}/${directory}`;
    const chain = chains.get(key);
    if (chain) chain.push(each);
    else chains.set(key, [each]);
  }
  return [...chains.values()].map((segments) =>
    Object.freeze({
      producerId: segments[0]!.source.segment.producerId!,
      segments: Object.freeze(segments.sort(bySequence)),
    }),
  );
}

/** A producer's segments are created one after the other, never two in one millisecond. */
function bySequence(a: PlannedSegment, b: PlannedSegment): number {
  return (a.source.segment.createdAtMs ?? 0) - (b.source.segment.createdAtMs ?? 0) || a.file - b.file;
}
