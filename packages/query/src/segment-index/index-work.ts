import type { Bounds } from "../bounds.js";
import type { NoIndexReason } from "./open-segment-index.js";

/** What is to be done about the index of a segment. */
export type IndexWork = "build" | "extend" | "keep" | "skip";

/** What it depends on. */
export interface IndexSituation {
  /** Size of the segment's file. */
  readonly bytes: number;
  /** Whether nobody will append to it any more. */
  readonly isClosed: boolean;
  /** Whether many producers append to it. */
  readonly isShared: boolean;
  /** Why it has no index, or how much of its content its index covers. */
  readonly index: NoIndexReason | { readonly endOffset: number; readonly isGrown: boolean };
}

/**
 * Decides whether an index is worth its while. Pure. Closed segments get one unless they are small; shared files get
 * none, because which of their records are copies is in no index. Growing ones get one,
 * and have it extended, when reading what it does not cover takes longer than is noticed.
 */
export function indexWork(
  { bytes, isClosed, isShared, index }: IndexSituation,
  { minIndexedBytes, minIndexGrowthBytes }: Pick<Bounds, "minIndexedBytes" | "minIndexGrowthBytes">,
): IndexWork {
  // The first would be refused again, the other would not be used.
  if (index === "too large" || isShared) return "skip";
  if (typeof index === "string") {
    const isWorthIt = bytes >= (isClosed ? minIndexedBytes : Math.max(minIndexedBytes, minIndexGrowthBytes));
    return isWorthIt ? "build" : "skip";
  }
  if (!index.isGrown) return "keep";
  return isClosed || bytes - index.endOffset >= minIndexGrowthBytes ? "extend" : "keep";
}
