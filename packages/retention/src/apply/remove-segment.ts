import { basename } from "node:path";
import { removeManifest, syncDirectory } from "@prodigy-events/storage";
import { copyManifest } from "../archive/archive-manifest.js";
import { noteOrigin } from "../archive/archive-origin.js";
import { makeArchive } from "../archive/make-archive.js";
import { removeRedundantArchives } from "../archive/redundant-archives.js";
import { noAmount } from "../plan/amount.js";
import type { PlannedSegment } from "../plan/retention-plan.js";
import type { ActionResult, ApplyContext } from "./apply-context.js";
import { logEntry } from "./clean-log.js";
import { dropIndex } from "./drop-index.js";
import { requireUnchanged, type Source, unlinkFile } from "./take-source.js";

/**
 * Removes a segment whole, after archiving it if that is asked. The order is the promise: copy, verify, make
 * durable · look at the source again · log · unlink · make that durable.
 */
export async function removeSegment(
  segment: PlannedSegment,
  source: Source,
  context: ApplyContext,
): Promise<ActionResult> {
  const { fs, clock, lock, log } = context;
  const archivePath = await archiveWhole(segment, source, context);
  await requireUnchanged(source.files, fs);
  await lock.requireHeld();
  await log.append(logEntry("remove", segment, segment.removed, clock, { archive: archivePath }));
  source.isLogged = true;
  const [read, ...copies] = source.files;
  for (const { path } of [...copies, read!]) {
    await unlinkFile(path, fs);
    source.isRemoving = true;
  }
  const keptPath = await source.late?.rescue(clock.now());
  await syncDirectory(segment.directory, fs);
  if (segment.kind === "own") await removeManifest(segment.directory, segment.logicalName, fs);
  await dropIndex(segment, fs);
  return { archivePath, keptPath, kept: noAmount, freedBytes: segment.storedBytes };
}

async function archiveWhole(
  { archiveDirectory, directory, logicalName, removed }: PlannedSegment,
  source: Source,
  { fs, clock, signal }: ApplyContext,
): Promise<string | undefined> {
  if (archiveDirectory === undefined) return undefined;
  const fileName = basename(source.path);
  const place = { contentPath: source.path, fileName, archiveDirectory };
  const copy = await makeArchive({ ...place, isWhole: true, expected: removed, fs, clock, signal });
  const { path: archivePath } = copy;
  source.copy = copy;
  await noteOrigin(archiveDirectory, directory, fs);
  await copyManifest({ directory, logicalName }, archivePath, archiveDirectory, fs);
  await removeRedundantArchives(source.path, archivePath, fs);
  return archivePath;
}
