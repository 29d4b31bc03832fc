import { join } from "node:path";
import {
  type Clock,
  type FileSystem,
  openForReading,
  readFully,
  readManifest,
  StorageError,
  verifyAgainstManifest,
} from "@prodigy-events/storage";
import type { CleanLock } from "../apply/clean-lock.js";
import { type CleanLog, logEntry } from "../apply/clean-log.js";
import { WorkFiles } from "../apply/work-files.js";
import type { ContentFile } from "../content/content-file.js";
import { contentSums } from "../content/content-sums.js";
import { putInPlace } from "../content/put-in-place.js";
import { RetentionError } from "../errors.js";
import { type ContentCount, countContent } from "../inventory/count-content.js";
import { limits } from "../limits.js";
import { copyManifest } from "./archive-manifest.js";
import type { ArchivedFile } from "./archived-files.js";
import { findLiveCopy } from "./find-live-copy.js";
import type { RestoreOutcome } from "./restore-report.js";

/** What is needed to change something in the target directory. */
export interface RestoreTools {
  lock: CleanLock;
  log: CleanLog;
  clock: Clock;
}

/**
 * Brings one file back into `targetDirectory`, unless its lines are there already or something else has its name.
 *
 * @param tools absent for a dry run, which reads and judges all the same
 * @throws StorageError, RetentionError when something fails on the way; then nothing was put in place
 */
export async function restoreFile(
  archived: ArchivedFile,
  targetDirectory: string,
  tools: RestoreTools | undefined,
  fs: FileSystem,
): Promise<RestoreOutcome> {
  const count = await countContent(archived.path, fs, undefined);
  const targetPath = join(targetDirectory, archived.fileName);
  const outcome = {
    ...{ archivePath: archived.path, targetPath },
    ...{ records: count.records, bytes: count.bytes },
  };
  const damage = count.damage ?? (await deviationFromManifest(archived, fs));
  if (damage !== undefined)
    return { ...outcome, status: "damaged", message: `${archived.path} is damaged: ${damage}` };
  const live = await findLiveCopy(archived, targetDirectory, fs);
  if (live?.isComplete) return { ...outcome, targetPath: live.path, status: "present" };
  if (live !== undefined) {
    const message = `${live.path} has the same name and other content; move it away to restore ${archived.path}`;
    return { ...outcome, status: "conflict", message };
  }
  if (tools !== undefined) await copyBack(archived, targetDirectory, count, tools, fs);
  return { ...outcome, status: "restored" };
}

/** In words, how a file differs from the manifest that was archived with it; `undefined` when it does not. */
async function deviationFromManifest(archived: ArchivedFile, fs: FileSystem): Promise<string | undefined> {
  try {
    const manifest = await readManifest(archived.archiveDirectory, archived.logicalName, fs);
    if (manifest === undefined) return undefined;
    const { mismatches } = await verifyAgainstManifest(archived.path, manifest, fs);
    return mismatches[0]?.message;
  } catch (error) {
    if (error instanceof StorageError && error.code === "MANIFEST_DAMAGED") return undefined; // the lines themselves read well
    throw error;
  }
}

async function copyBack(
  archived: ArchivedFile,
  targetDirectory: string,
  { records, malformed, bytes, ranges }: ContentCount,
  { lock, log, clock }: RestoreTools,
  fs: FileSystem,
): Promise<void> {
  const { path, fileName, archiveDirectory, logicalName } = archived;
  const work = new WorkFiles(targetDirectory, fs);
  try {
    const copy = await work.create(fileName);
    await copyStored(path, copy, fs);
    if ((await contentSums(copy.path, fs)).sha256 !== (await contentSums(path, fs)).sha256) {
      throw new RetentionError("ARCHIVE_DAMAGED", `${path} does not read the same twice; check the disk`, {
        path,
      });
    }
    await lock.requireHeld();
    await copyManifest({ directory: archiveDirectory, logicalName }, fileName, targetDirectory, fs);
    const entry = { logicalName, removedRanges: ranges };
    await log.append(logEntry("restore", entry, { records, malformed, bytes }, clock, { archive: path }));
    await putInPlace(copy.path, join(targetDirectory, fileName), fs);
  } finally {
    await work.discard();
  }
}

/** Copies a file as it is stored, and makes the copy durable. */
async function copyStored(path: string, copy: ContentFile, fs: FileSystem): Promise<void> {
  const { fd } = await openForReading(path, fs);
  try {
    const buffer = Buffer.alloc(limits.copyChunkBytes);
    for (let position = 0; ; ) {
      const length = await readFully(fd, buffer, buffer.length, position, path, fs);
      if (length === 0) break;
      await copy.write(buffer.subarray(0, length));
      position += length;
    }
  } finally {
    await fs.close(fd);
  }
  await copy.finish();
}
