import { basename, dirname } from "node:path";
import {
  type FileSystem,
  removeManifest,
  removeQuietly,
  StorageError,
  syncDirectory,
} from "@prodigy-events/storage";
import type { PlannedSegment } from "../plan/retention-plan.js";
import { findLiveCopy } from "./find-live-copy.js";
import type { ArchiveCopy } from "./make-archive.js";

/**
 * Removes a copy that this clean has put into the archive for a segment which then turned out to have changed, so that its
 * records are not both in the store and in the archive. Only if the store has all lines of the copy, now that it was looked
 * at again; a copy that cannot be told stays, and the next clean knows it for its own.
 */
export async function takeBackArchive(
  { path, isNew }: ArchiveCopy,
  { directory, logicalName }: Pick<PlannedSegment, "directory" | "logicalName">,
  fs: FileSystem,
): Promise<void> {
  if (!isNew) return;
  const archiveDirectory = dirname(path);
  const archived = { path, fileName: basename(path), logicalName, archiveDirectory };
  try {
    const live = await findLiveCopy(
      { ...archived, targetDirectory: directory, origin: undefined },
      directory,
      fs,
    );
    if (!live?.isComplete) return;
    await removeQuietly(path, fs);
    await removeManifest(archiveDirectory, logicalName, fs);
    await syncDirectory(archiveDirectory, fs);
  } catch (error) {
    // It is renamed once more, or cannot be read now: the copy stays, and does no harm.
    if (!(error instanceof StorageError)) throw error;
  }
}
