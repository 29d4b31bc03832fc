import type { FileSystem, Segment } from "@prodigy-events/storage";
import type { IndexHeader } from "./index-header.js";
import { type NoIndexReason, openSegmentIndex } from "./open-segment-index.js";
import { emptyRows, type SegmentIndex } from "./segment-index.js";
import { everything, textColumns } from "./stored-column.js";

/** What is the matter with the index of a segment: nothing, or that it does not cover what was appended since, or more. */
export type IndexState = "fresh" | "grown" | NoIndexReason;

/** The state of an index, and what it says of its segment where it fits. */
export interface CheckedIndex {
  readonly state: IndexState;
  readonly header?: IndexHeader | undefined;
  /** Size of its file. */
  readonly bytes?: number | undefined;
}

/** Reads an index to its end, and compares all its checksums. The segment is not read. */
export function checkSegmentIndex(segment: Segment, fs: FileSystem): Promise<CheckedIndex> {
  return check(segment, fs, isWhole);
}

/** Looks whether there is an index, and whether it fits the segment. */
export function checkIndexHeader(segment: Segment, fs: FileSystem): Promise<CheckedIndex> {
  return check(segment, fs, async () => true);
}

async function check(
  segment: Segment,
  fs: FileSystem,
  isSound: (index: SegmentIndex) => Promise<boolean>,
): Promise<CheckedIndex> {
  const { index, reason } = await openSegmentIndex(segment, { fs });
  if (!index) return { state: reason };
  try {
    if (!(await isSound(index))) return { state: "damaged" };
    return { state: index.isGrown ? "grown" : "fresh", header: index.header, bytes: index.bytes };
  } finally {
    await index.close();
  }
}

async function isWhole(index: SegmentIndex): Promise<boolean> {
  for (const of of textColumns) if (!(await index.dictionary(of))) return false;
  const groups = await index.groups();
  if (!groups || !(await index.members())) return false;
  const rows = emptyRows();
  for (let group = 0; group < groups.length; group++) {
    if (!(await index.load(everything, group, group + 1)) || !index.fill(group, everything, rows, []))
      return false;
  }
  return true;
}
