import { join } from "node:path";
import { type FileSystem, parseSegmentName } from "@prodigy-events/storage";
import { namesIn } from "../content/names-in.js";
import { isArchiveOf } from "./archive-names.js";
import type { ArchivedFile } from "./archived-files.js";
import { isContained } from "./redundant-archives.js";

/** What in the store stands against bringing a file back. */
export interface LiveCopy {
  path: string;
  /** True when it holds all lines of the archived file; false when it only has its name. */
  isComplete: boolean;
}

/**
 * Looks whether the store has the lines of an archived file already: in a segment of that name, in whatever state,
 * or in the segment that the lines were to be taken out of when the clean was interrupted.
 */
export async function findLiveCopy(
  archived: ArchivedFile,
  targetDirectory: string,
  fs: FileSystem,
): Promise<LiveCopy | undefined> {
  let namesake: LiveCopy | undefined;
  for (const name of await namesIn(targetDirectory, fs)) {
    const logicalName = parseSegmentName(name)?.logicalName;
    if (logicalName === undefined) continue;
    const isNamesake = logicalName === archived.logicalName;
    if (!isNamesake && !isArchiveOf(name, archived.fileName)) continue;
    const path = join(targetDirectory, name);
    if (await isContained(archived.path, path, fs)) return { path, isComplete: true };
    if (isNamesake) namesake = { path, isComplete: false };
  }
  return namesake;
}
