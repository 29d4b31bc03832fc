import { basename, join } from "node:path";
import {
  cleanDirectoryName,
  describeFileError,
  ensurePrivateDirectory,
  errnoOf,
  type FileSystem,
  manifestDirectoryName,
  parseSegmentName,
  removeManifest,
  temporaryName,
} from "@prodigy-events/storage";
import { namesIn } from "../content/names-in.js";
import { removedSegments } from "./clean-log.js";
import { lockName, logName } from "./clean-place.js";

/** The directory of clean for the segments in `directory`, made if it is not there. */
export async function openCleanDirectory(directory: string, fs: FileSystem): Promise<string> {
  const path = join(directory, cleanDirectoryName);
  await ensurePrivateDirectory(path, fs);
  return path;
}

/** A path for a file that will take the place of a segment in `directory` once it is whole. */
export function workPath(directory: string, name: string): string {
  return join(directory, cleanDirectoryName, temporaryName(name));
}

/**
 * Puts away what a clean left that was interrupted: files that never took their place, and manifests of segments
 * that it had removed. To be called with the lock held, by which everything but locks and log is nobody's.
 */
export async function finishInterrupted(directory: string, fs: FileSystem): Promise<void> {
  const cleanDirectory = join(directory, cleanDirectoryName);
  for (const name of await namesIn(cleanDirectory, fs)) {
    if (!name.startsWith(lockName) && name !== logName) await unlinkIfThere(join(cleanDirectory, name), fs);
  }
  await removeOrphanManifests(directory, fs);
}

async function removeOrphanManifests(directory: string, fs: FileSystem): Promise<void> {
  const live = new Set((await namesIn(directory, fs)).map((name) => parseSegmentName(name)?.logicalName));
  const orphans = (await namesIn(join(directory, manifestDirectoryName), fs))
    .map((name) => basename(name, ".json"))
    .filter((logicalName) => !live.has(logicalName));
  if (orphans.length === 0) return;
  const removed = await removedSegments(directory, fs);
  for (const logicalName of orphans) {
    if (removed.has(logicalName)) await removeManifest(directory, logicalName, fs);
  }
}

async function unlinkIfThere(path: string, fs: FileSystem): Promise<void> {
  try {
    await fs.unlink(path);
  } catch (error) {
    if (errnoOf(error) !== "ENOENT") throw describeFileError(error, "remove", path);
  }
}
