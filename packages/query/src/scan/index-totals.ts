import { normalizeEventType } from "@prodigy-events/schema";
import type { StoredDictionary } from "../segment-index/index-dictionary.js";
import type { SegmentIndex } from "../segment-index/segment-index.js";
import type { Column } from "./kernel.js";
import { column } from "./kernel.js";
import type { RowFilter } from "./row-filter.js";
import type { PlanTarget } from "./segment-scan.js";
import { unsure, wanted } from "./verdict.js";

/** How many records have a text in one column; `undefined` stands for those that have none. */
export type ColumnTotals = readonly (readonly [text: string | undefined, records: number])[];

/** What an index says of all records of a segment, without its rows. */
export interface IndexTotals {
  /** Of the column that the target asked for; none where nothing is wanted. */
  readonly wanted: ColumnTotals;
  readonly matched: number;
  /** By type, in our spelling. */
  readonly excluded: ReadonlyMap<string, number>;
}

/**
 * Answers a question from the dictionaries of an index, if they tell: when each filter keeps all records of the segment, or
 * one of them none, or only types are left out. `undefined` when rows have to be looked at.
 */
export async function totalsOf(
  index: SegmentIndex,
  jobId: string | undefined,
  filter: RowFilter,
  target: PlanTarget,
): Promise<IndexTotals | undefined> {
  const { rows, decided, minInstant, maxInstant } = index.header;
  if (decided !== rows) return undefined;
  const types = await totalsOfColumn(index, column.type, undefined);
  if (!types) return undefined;
  const isNone = await leavesNothing();
  if (isNone === undefined) return undefined;
  const excluded = new Map<string, number>();
  const kept: [string, number][] = [];
  for (const [type = "", records] of types) {
    const verdict = isNone ? undefined : filter.types.verdictOf(type);
    if (verdict === unsure) return undefined;
    if (verdict === wanted) kept.push([type, records]);
    else excluded.set(normalizeEventType(type), (excluded.get(normalizeEventType(type)) ?? 0) + records);
  }
  const matched = kept.reduce((sum, [, records]) => sum + records, 0);
  if (matched === 0) return { wanted: [], matched, excluded };
  const of = target.totalsColumn;
  if (of === column.type) return { wanted: kept, matched, excluded };
  if (of === undefined || matched < rows) return undefined;
  const totals = await totalsOfColumn(index, of, jobId);
  return totals && { wanted: totals, matched, excluded };

  /** Whether a filter keeps no record at all; `undefined` if one keeps some. */
  async function leavesNothing(): Promise<boolean | undefined> {
    const times = filter.keepsTimes(instant(minInstant), instant(maxInstant));
    if (times === "none") return true;
    let keepsAll = times === "all";
    for (const [of, texts] of filter.wantedTexts) {
      const totals = await totalsOfColumn(index, of, jobId);
      if (!totals) {
        keepsAll = false;
        continue;
      }
      let kept = 0;
      for (const [text, records] of totals) {
        const isWanted = text === undefined ? of === column.correlation && texts.has("") : texts.has(text);
        if (isWanted) kept += records;
      }
      if (kept === 0) return true;
      if (kept < rows) keepsAll = false;
    }
    return keepsAll ? false : undefined;
  }
}

function instant(of: readonly [ms: number, nanos: number] | null) {
  return of ? { ms: of[0], nanos: of[1] } : undefined;
}

/** `undefined` if some records have texts that the index does not tell apart. */
async function totalsOfColumn(
  index: SegmentIndex,
  of: Column,
  jobId: string | undefined,
): Promise<ColumnTotals | undefined> {
  const { absent, unlisted } = index.header.columns[of]!;
  const dictionary: StoredDictionary | undefined = unlisted > 0 ? undefined : await index.dictionary(of);
  if (!dictionary) return undefined;
  const totals: [string | undefined, number][] = dictionary.texts.map((text, at) => [
    text,
    dictionary.counts[at]!,
  ]);
  if (absent > 0) totals.push([of === column.job ? jobId : undefined, absent]);
  return totals;
}
