import { type CleanLogEntry, type FileSystem, readCleanLog } from "@prodigy-events/storage";
import { type NumberRange, subtract, unite } from "./ranges.js";

/** What the log of clean accounts for in one directory. */
export interface RemovedNumbers {
  /** The numbers that were removed and not brought back, by producer. */
  readonly byProducer: ReadonlyMap<string, readonly NumberRange[]>;
  /** Those that were removed from one segment or another, although they may be back in one of their own. */
  readonly everByProducer: ReadonlyMap<string, readonly NumberRange[]>;
  /** Logical segments that were removed whole. */
  readonly segments: ReadonlySet<string>;
  /** Lines of the log that are no entries. */
  readonly unreadableLines: number;
}

/** Reads the log of the segments in `directory`. */
export async function readRemovedNumbers(directory: string, fs: FileSystem): Promise<RemovedNumbers> {
  const byProducer = new Map<string, NumberRange[]>();
  const everByProducer = new Map<string, NumberRange[]>();
  const segments = new Set<string>();
  let unreadableLines = 0;
  const onUnreadable = () => {
    unreadableLines++;
  };
  for await (const entry of readCleanLog(directory, { fs, onUnreadable })) {
    apply(entry, byProducer);
    if (entry.action !== "restore") apply(entry, everByProducer);
    if (entry.action === "remove") segments.add(entry.segment);
    if (entry.action === "restore") segments.delete(entry.segment);
  }
  return { byProducer, everByProducer, segments, unreadableLines };
}

/**
 * A `failed` action may or may not have been finished: after a removal its numbers may be gone, as was wanted; after a
 * restoration they may not be back. Either way their absence is accounted for.
 */
function apply({ action, ranges }: CleanLogEntry, byProducer: Map<string, NumberRange[]>): void {
  for (const { producerId, first, last } of ranges) {
    const removed = byProducer.get(producerId) ?? [];
    const range = { first, last };
    byProducer.set(
      producerId,
      action === "restore" ? subtract(removed, [range]) : unite([...removed, range]),
    );
  }
}
