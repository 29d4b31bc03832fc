import { join } from "node:path";
import { errnoOf, type FileSystem, readLines } from "@prodigy-events/storage";

/** A segment, or a part of one, that `clean` took away, as its log tells. */
export interface Removal {
  /** Logical name. */
  readonly segment: string;
  /** RFC 3339. */
  readonly at: string;
  /** The sequence numbers that went, per producer. */
  readonly ranges: readonly { readonly producerId: string; readonly first: number; readonly last: number }[];
  /** The copy that was kept, if one was. */
  readonly archive: string | undefined;
}

/** What `clean` has removed from the segments in `directory` and `restore` has not brought back; oldest first. */
export async function readRemovals(directory: string, fs: FileSystem): Promise<Removal[]> {
  const removals: Removal[] = [];
  const onProblem = () => undefined; // a line that a crash cut off: what it is about did not happen
  try {
    for await (const lines of readLines(join(directory, ".clean", "log"), { fs, onProblem })) {
      for (const { text } of lines) apply(text, removals);
    }
  } catch (error) {
    if (errnoOf(error) !== "ENOENT") throw error;
  }
  return removals;
}

function apply(text: string, removals: Removal[]): void {
  const entry = parse(text);
  const { segment, at, archive } = entry;
  if (typeof segment !== "string" || typeof at !== "string") return;
  if (entry.action === "restore") {
    const restored = removals.findIndex((removal) => removal.archive === archive);
    if (archive !== undefined && restored !== -1) removals.splice(restored, 1);
  }
  if (entry.action !== "remove" && entry.action !== "rewrite") return;
  const ranges = Array.isArray(entry.ranges) ? entry.ranges.filter(isRange) : [];
  removals.push({ segment, at, ranges, archive: typeof archive === "string" ? archive : undefined });
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    const entry: unknown = JSON.parse(text);
    return typeof entry === "object" && entry !== null ? (entry as Record<string, unknown>) : {};
  } catch {
    return {}; // the beginning of a line that a crash cut off, ended by the next entry
  }
}

function isRange(value: unknown): value is Removal["ranges"][number] {
  const range = value as Partial<Removal["ranges"][number]> | null;
  return (
    typeof range?.producerId === "string" &&
    Number.isSafeInteger(range.first) &&
    Number.isSafeInteger(range.last)
  );
}
