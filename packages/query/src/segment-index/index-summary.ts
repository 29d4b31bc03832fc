import type { HeaderInstant, IndexHeader } from "./index-header.js";
import type { PackedGroup } from "./packed-group.js";

/** What the header says of the rows. */
export type RowSummary = Pick<
  IndexHeader,
  | "rows"
  | "decided"
  | "lineBytes"
  | "firstInstant"
  | "lastInstant"
  | "minInstant"
  | "maxInstant"
  | "outOfOrder"
  | "firstSequence"
  | "lastSequence"
  | "isNumbered"
>;

/** Sums up the groups of an index. */
export function summarizeGroups(groups: readonly PackedGroup[]): RowSummary {
  const decided = groups.filter(({ summary }) => summary.decided > 0).map(({ summary }) => summary);
  const [first, last] = [decided[0], decided.at(-1)];
  let outOfOrder = 0;
  let isNumbered = first !== undefined && groups.every(({ summary }) => summary.isNumbered);
  let [min, max]: [HeaderInstant | null, HeaderInstant | null] = [null, null];
  for (const [at, group] of decided.entries()) {
    const before = decided[at - 1];
    outOfOrder += group.outOfOrder;
    if (before) {
      if (isBefore([group.firstMs, group.firstNanos], [before.lastMs, before.lastNanos])) outOfOrder++;
      if (group.firstSequence !== before.lastSequence + 1) isNumbered = false;
    }
    const [least, greatest] = [
      [group.minMs, group.minNanos] as const,
      [group.maxMs, group.maxNanos] as const,
    ];
    if (min === null || isBefore(least, min)) min = least;
    if (max === null || isBefore(max, greatest)) max = greatest;
  }
  return {
    rows: total(groups, ({ rows }) => rows),
    decided: total(groups, ({ summary }) => summary.decided),
    lineBytes: total(groups, ({ summary }) => summary.lineBytes),
    firstInstant: first ? [first.firstMs, first.firstNanos] : null,
    lastInstant: last ? [last.lastMs, last.lastNanos] : null,
    minInstant: min,
    maxInstant: max,
    outOfOrder,
    firstSequence: first?.firstSequence ?? -1,
    lastSequence: last?.lastSequence ?? -1,
    isNumbered: isNumbered && (first?.firstSequence ?? -1) >= 0,
  };
}

function total(groups: readonly PackedGroup[], count: (group: PackedGroup) => number): number {
  return groups.reduce((sum, group) => sum + count(group), 0);
}

function isBefore([ms, nanos]: HeaderInstant, [otherMs, otherNanos]: HeaderInstant): boolean {
  return ms < otherMs || (ms === otherMs && nanos < otherNanos);
}
