import type { SourceSegment } from "../source/source-segment.js";

/** What a scan means for one segment. */
export type Change =
  /** Not known before. */
  | { readonly kind: "new"; readonly source: SourceSegment }
  /** Known; its file may have another name or be compressed by now, its content goes on where it was. */
  | { readonly kind: "continued"; readonly key: string; readonly source: SourceSegment }
  /** The name is known, but another file has taken it: its content begins anew. */
  | { readonly kind: "replaced"; readonly key: string; readonly source: SourceSegment }
  /** Nothing by its name or inode is left. */
  | { readonly kind: "gone"; readonly key: string };

/** A segment's identity while it is followed: its place and logical name. */
export function keyOf({ segment }: SourceSegment): string {
  return `${segment.directory}/${segment.logicalName}`;
}

/**
 * Compares what is followed with what a scan found. Pure. A file that was renamed is known by its inode; one of our own
 * by its logical name alone, which is never used twice.
 *
 * @param known what is followed, as it was last seen, by key
 */
export function reconcile(
  known: ReadonlyMap<string, SourceSegment>,
  found: readonly SourceSegment[],
): readonly Change[] {
  const changes: Change[] = [];
  const keyByInode = new Map([...known].map(([key, source]) => [inodeOf(source), key] as const));
  const keyByCompressedName = new Map(
    [...known].flatMap(([key]) => compressedNames(key).map((name) => [name, key])),
  );
  const claimed = new Set<string>();
  const claim = (key: string | undefined): key is string => {
    if (key === undefined || claimed.has(key)) return false;
    claimed.add(key);
    return true;
  };

  // Renamed files first, so that a new file under an old name is seen to be new.
  const remaining = found.filter((source) => {
    const previous = source.segment.kind === "own" ? keyOf(source) : keyByInode.get(inodeOf(source));
    const isKnown = previous !== undefined && known.has(previous) && claim(previous);
    if (isKnown) changes.push({ kind: "continued", key: previous, source });
    return !isKnown;
  });
  for (const source of remaining) {
    const key = keyOf(source);
    const previous = known.get(key);
    const uncompressed = keyByCompressedName.get(key);
    if (previous && claim(key)) {
      const isCompressed = source.segment.state === "compressed" && previous.segment.state !== "compressed";
      changes.push({ kind: isCompressed ? "continued" : "replaced", key, source });
    } else if (source.segment.kind === "foreign" && claim(uncompressed)) {
      changes.push({ kind: "continued", key: uncompressed, source });
    } else {
      changes.push({ kind: "new", source });
    }
  }
  for (const key of known.keys()) if (!claimed.has(key)) changes.push({ kind: "gone", key });
  return changes;
}

function inodeOf({ segment }: SourceSegment): string {
  return `${segment.dev}:${segment.ino}`;
}

/** What somebody who compresses a foreign file by hand calls the result. */
function compressedNames(key: string): string[] {
  return [".gz", ".rotated.gz", ".zst"].map((suffix) => key + suffix);
}
