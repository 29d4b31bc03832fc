import { basename, dirname } from "node:path";
import { type FileSystem, parseSegmentName, readCleanLog, type SequenceRange } from "@prodigy-events/storage";

/** A segment, or a part of one, that `clean` took away, as its log tells. */
export interface Removal {
  /** Logical name. */
  readonly segment: string;
  /** RFC 3339. */
  readonly at: string;
  /** The sequence numbers that went, per producer. */
  readonly ranges: readonly Readonly<SequenceRange>[];
  /** The copy that was kept, if one was. */
  readonly archive: string | undefined;
}

/** What `clean` has removed from the segments in `directory` and `restore` has not brought back; oldest first. */
export async function readRemovals(directory: string, fs: FileSystem): Promise<Removal[]> {
  const removals: Removal[] = [];
  for await (const { action, segment, at, ranges, archive } of readCleanLog(directory, { fs })) {
    if (action === "remove" || action === "rewrite") {
      removals.push({ segment, at, ranges, archive });
    } else if (action === "restore" && archive !== undefined) {
      const restored = removals.findIndex((removal) => removal.archive === archive);
      if (restored !== -1) removals.splice(restored, 1);
    }
  }
  return removals;
}

/** Whether the log of clean tells of something that was done to a segment from `sinceMs` on. */
export async function isInCleanLog(path: string, sinceMs: number, fs: FileSystem): Promise<boolean> {
  const logicalName = parseSegmentName(basename(path))?.logicalName;
  for await (const { segment, at } of readCleanLog(dirname(path), { fs }))
    if (segment === logicalName && Date.parse(at) >= sinceMs) return true;
  return false;
}
