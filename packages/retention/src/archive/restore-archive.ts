import {
  type Clock,
  archiveDirectory as defaultArchiveDirectory,
  describeFileError,
  ensurePrivateDirectory,
  errnoOf,
  type FileSystem,
  nodeFileSystem,
  StorageError,
  systemClock,
} from "@prodigy-events/storage";
import { finishInterrupted } from "../apply/clean-directory.js";
import { CleanLock } from "../apply/clean-lock.js";
import { CleanLog } from "../apply/clean-log.js";
import { CleanSockets } from "../apply/clean-socket.js";
import { guardedPlaces } from "../apply/guarded-places.js";
import { requirePrivateRoot } from "../apply/require-private-root.js";
import { RetentionError } from "../errors.js";
import { type ArchivedFile, findArchivedFiles } from "./archived-files.js";
import { type RestoreTools, restoreFile } from "./restore-file.js";
import { type RestoreOutcome, type RestoreReport, restoreReportOf } from "./restore-report.js";

/** What to bring back, and how. */
export interface RestoreOptions {
  /** Root directory of the store. */
  root: string;
  /** Default: `<root>/archive`. */
  archiveDirectory?: string;
  /** Only what was archived of this repository, and of `localDirectories`. */
  repo?: string;
  /** Only what was archived of this job; of every repository, unless `repo` is given. */
  jobId?: string;
  /**
   * Directories outside the store that archived files may be brought back to, such as the repository's
   * `.prodigy/events`. A directory noted in the archive is used only when it is one of these.
   */
  localDirectories?: readonly string[];
  /** Only say what would be done. */
  dryRun?: boolean;
  /** Work although other users can reach the store. */
  force?: boolean;
  /** Take the lock of another clean that is not known to be dead. */
  breakLock?: boolean;
  fs?: FileSystem;
  clock?: Clock;
  /** Ends the run between two files with its reason as the error; what was restored stays. */
  signal?: AbortSignal;
}

/**
 * Brings archived segments back to where they were. The archive stays as it is, so running this twice brings
 * everything back once, and a later clean with `archive` recognises the copies. Nothing in the store is overwritten.
 *
 * @throws RetentionError `ROOT_NOT_PRIVATE`, `LOCKED`; StorageError when a directory cannot be listed or made; what
 *   concerns a single file is in the report
 */
export async function restoreArchive(options: RestoreOptions): Promise<RestoreReport> {
  const { root, dryRun = false, force = false, fs = nodeFileSystem, signal } = options;
  const { archiveDirectory = defaultArchiveDirectory(root), repo, jobId, localDirectories = [] } = options;
  const files = await findArchivedFiles({ root, archiveDirectory, repo, jobId, localDirectories }, fs);
  if (!dryRun && files.length > 0) {
    await ensurePrivateDirectory(root, fs);
    if (!force) await requirePrivateRoot(root, fs);
  }
  const groups = byTarget(files);
  const sockets = dryRun ? undefined : await takeSockets(root, groups.keys(), fs);
  try {
    const outcomes: RestoreOutcome[] = [];
    for (const [targetDirectory, group] of groups) {
      if (targetDirectory === undefined) outcomes.push(...group.map(outside));
      else if (dryRun) outcomes.push(...(await restoreGroup(group, targetDirectory, undefined, fs, signal)));
      else outcomes.push(...(await restoreLocked(group, targetDirectory, options)));
    }
    return restoreReportOf(dryRun, outcomes);
  } finally {
    await sockets?.release();
  }
}

async function takeSockets(
  root: string,
  targets: Iterable<string | undefined>,
  fs: FileSystem,
): Promise<CleanSockets> {
  const directories = [...targets].filter((target) => target !== undefined);
  for (const directory of directories) await ensurePrivateDirectory(directory, fs);
  return CleanSockets.acquire(guardedPlaces(root, directories), fs);
}

async function restoreLocked(
  group: readonly ArchivedFile[],
  directory: string,
  { fs = nodeFileSystem, clock = systemClock, breakLock = false, signal }: RestoreOptions,
): Promise<RestoreOutcome[]> {
  const lock = await CleanLock.acquire(directory, { fs, breakLock, at: new Date(clock.now()).toISOString() });
  try {
    await finishInterrupted(directory, fs);
    const log = new CleanLog(directory, fs);
    const outcomes = await restoreGroup(group, directory, { lock, log, clock }, fs, signal);
    await log.settle();
    return outcomes;
  } finally {
    await lock.release();
  }
}

async function restoreGroup(
  group: readonly ArchivedFile[],
  targetDirectory: string,
  tools: RestoreTools | undefined,
  fs: FileSystem,
  signal: AbortSignal | undefined,
): Promise<RestoreOutcome[]> {
  const outcomes: RestoreOutcome[] = [];
  for (const archived of group) {
    signal?.throwIfAborted();
    outcomes.push(
      await restoreFile(archived, targetDirectory, tools, fs).catch((error: unknown) =>
        failed(archived, error),
      ),
    );
  }
  return outcomes;
}

function failed({ path }: ArchivedFile, error: unknown): RestoreOutcome {
  const isOurs = error instanceof RetentionError || error instanceof StorageError;
  if (!isOurs && errnoOf(error) === undefined) throw error;
  const { message } = isOurs ? error : describeFileError(error, "restore", path);
  return { archivePath: path, status: "failed", records: 0, bytes: 0, message };
}

function outside({ path, origin }: ArchivedFile): RestoreOutcome {
  const from = origin === undefined ? "an unknown directory" : origin;
  const message = `${path} comes from ${from}, outside the store; name that directory to restore it`;
  return { archivePath: path, status: "outside", records: 0, bytes: 0, message };
}

function byTarget(files: readonly ArchivedFile[]): Map<string | undefined, ArchivedFile[]> {
  const groups = new Map<string | undefined, ArchivedFile[]>();
  for (const file of files) {
    const group = groups.get(file.targetDirectory);
    if (group === undefined) groups.set(file.targetDirectory, [file]);
    else group.push(file);
  }
  return groups;
}
