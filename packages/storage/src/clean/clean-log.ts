import { join } from "node:path";
import { errnoOf } from "../errors/describe-file-error.js";
import type { FileSystem } from "../files/file-system.js";
import { nodeFileSystem } from "../files/node-file-system.js";
import { readLines } from "../reading/read-lines.js";

/** Where in a directory of segments clean keeps its lock, its log, and files that are not whole yet. */
export const cleanDirectoryName = ".clean";

/** The path of the log of a directory of segments. */
export function cleanLogPath(directory: string): string {
  return join(directory, cleanDirectoryName, "log");
}

/** Sequence numbers of one producer, both ends included. */
export interface SequenceRange {
  producerId: string;
  first: number;
  last: number;
}

const actions = ["remove", "rewrite", "set-aside", "restore", "failed", "repair"] as const;

/**
 * One action that took records out of a directory, or brought some back: a line of `.clean/log`. It is written before
 * the action takes effect, so that whoever misses records finds out where they went; an action that then may not have
 * been finished is followed by a line `failed` with the same ranges. `repair` stands in copies that `repair` made: what
 * was missing or could not be read when the copy was made.
 */
export interface CleanLogEntry {
  action: (typeof actions)[number];
  /** RFC 3339. */
  at: string;
  /** The logical segment; `""` for `repair`, which is about all. */
  segment: string;
  /** Records and other lines that go, or are brought back. */
  lines: number;
  /** Their uncompressed bytes. */
  bytes: number;
  /** Their sequence numbers, per producer. */
  ranges: SequenceRange[];
  /** The archive copy. */
  archive?: string;
  /** `set-aside`: the file's new name. */
  to?: string;
  /** `failed`: why, in words. */
  error?: string;
}

/** How to read a log. */
export interface CleanLogReadOptions {
  fs?: FileSystem;
  /** Is told of lines that are no entries, such as one that a crash cut off: their action did not take effect. */
  onUnreadable?(offset: number): void;
}

/**
 * The entries of the log of a directory of segments, in their order; none when there is no log.
 *
 * @throws StorageError when the log cannot be read
 */
export async function* readCleanLog(
  directory: string,
  { fs = nodeFileSystem, onUnreadable = () => undefined }: CleanLogReadOptions = {},
): AsyncGenerator<CleanLogEntry, void> {
  const options = { fs, onProblem: ({ offset }: { offset: number }) => onUnreadable(offset) };
  try {
    for await (const lines of readLines(cleanLogPath(directory), options)) {
      for (const { text, offset } of lines) {
        const entry = parseEntry(text);
        if (entry === undefined) onUnreadable(offset);
        else yield entry;
      }
    }
  } catch (error) {
    if (errnoOf(error) !== "ENOENT" && errnoOf(error) !== "ENOTDIR") throw error;
  }
}

function parseEntry(text: string): CleanLogEntry | undefined {
  try {
    const entry = JSON.parse(text) as Partial<CleanLogEntry> | null;
    const isEntry =
      actions.some((action) => action === entry?.action) &&
      typeof entry?.segment === "string" &&
      Array.isArray(entry.ranges) &&
      entry.ranges.every(isRange);
    return isEntry ? (entry as CleanLogEntry) : undefined;
  } catch {
    return undefined; // the beginning of a line that a crash cut off, ended by the next entry
  }
}

function isRange(value: unknown): value is SequenceRange {
  const { producerId, first, last } = (value ?? {}) as Partial<SequenceRange>;
  return typeof producerId === "string" && Number.isSafeInteger(first) && Number.isSafeInteger(last);
}
