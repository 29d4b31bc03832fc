import { basename } from "node:path";
import { parseSegmentName } from "@prodigy-events/storage";
import type { Gap } from "./follow-input.js";
import type { Removal } from "./removals.js";

/**
 * Says of a gap which parts of it `clean` removed, and where they are. Pure: one gap for each removal that has a part
 * in it, and for each part in between, in order.
 */
export function attributeGap(gap: Gap, removals: readonly Removal[]): Gap[] {
  const { producerId, fromSequence, toSequence } = gap;
  if (producerId === undefined || fromSequence === undefined) return [ofWhole(gap, removals)];
  const end = toSequence ?? lastOf(producerId, gap.path, removals);
  if (end === undefined) return [ofWhole(gap, removals)];
  const parts = removals
    .flatMap(({ ranges, archive }) => ranges.map((range) => ({ ...range, archive })))
    .filter((part) => part.producerId === producerId && part.last >= fromSequence && part.first <= end)
    .sort((a, b) => a.first - b.first);
  const gaps: Gap[] = [];
  let next = fromSequence;
  for (const { first, last, archive } of parts) {
    if (last < next) continue;
    if (first > next) gaps.push({ ...gap, fromSequence: next, toSequence: first - 1 });
    const toSequence = Math.min(last, end);
    gaps.push({
      ...gap,
      ...{ reason: "removed", fromSequence: Math.max(first, next), toSequence, removedBy: "clean", archive },
    });
    next = toSequence + 1;
  }
  if (next <= end) gaps.push({ ...gap, fromSequence: next, toSequence: end });
  return gaps;
}

/** Of a file without numbers, and of numbers that nobody can tell: whether clean took that very segment. */
function ofWhole(gap: Gap, removals: readonly Removal[]): Gap {
  if (gap.reason === "truncated") return gap; // clean changes no file in its place
  const removal = removals.findLast(({ segment }) => isOf(segment, gap.path));
  return removal === undefined
    ? gap
    : { ...gap, reason: "removed", removedBy: "clean", archive: removal.archive };
}

function lastOf(producerId: string, path: string, removals: readonly Removal[]): number | undefined {
  const ranges = removals.filter(({ segment }) => isOf(segment, path)).flatMap((removal) => removal.ranges);
  const numbers = ranges.filter((range) => range.producerId === producerId).map(({ last }) => last);
  return numbers.length === 0 ? undefined : Math.max(...numbers);
}

function isOf(segment: string, path: string): boolean {
  return parseSegmentName(basename(path))?.logicalName === segment;
}
