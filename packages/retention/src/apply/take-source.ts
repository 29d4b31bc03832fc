import { describeFileError, errnoOf, type FileSystem, renameDurably } from "@prodigy-events/storage";
import type { ArchiveCopy } from "../archive/make-archive.js";
import { type FileIdentity, identityOf, isSameFile } from "../content/file-identity.js";
import { noAmount } from "../plan/amount.js";
import type { PlannedSegment } from "../plan/retention-plan.js";
import type { ApplyContext } from "./apply-context.js";
import { logEntry } from "./clean-log.js";
import { freeAsidePath, LateAppends } from "./late-appends.js";

/** The files of a segment, ready to be worked on. */
export interface Source {
  /** Where its file is now. */
  path: string;
  /** All its files under their present paths, the one that is read first. */
  files: readonly FileIdentity[];
  /** Watches over a file that somebody may still append to. */
  late: LateAppends | undefined;
  /** The copy that was put into the archive for it. */
  copy: ArchiveCopy | undefined;
  /** Whether the log says that something goes. */
  isLogged: boolean;
  /** Whether something of it has gone. */
  isRemoving: boolean;
}

/** A file is not what it was when the plan was made. Nothing is wrong; it is just not this plan's any more. */
export class SourceChanged extends Error {
  override readonly name = "SourceChanged";
}

/**
 * Checks that a segment is what was planned for and, if appenders may come back to it, closes it by giving it
 * another name: they look at the name before each write and start a new file.
 *
 * @throws SourceChanged
 */
export async function takeSource(segment: PlannedSegment, context: ApplyContext): Promise<Source> {
  const { fs } = context;
  const [read, ...copies] = segment.files;
  if (read === undefined) throw new SourceChanged(segment.path);
  // A file that is only set aside is one that is in use: that it has grown is what it is set aside for.
  if (segment.action === "set-aside") await requireSameInode(read, fs);
  else await requireUnchanged(segment.files, fs);
  const untouched = { copy: undefined, isLogged: false, isRemoving: false };
  if (segment.state !== "plain")
    return { path: read.path, files: segment.files, late: undefined, ...untouched };
  const late = await LateAppends.watch(read, fs);
  try {
    const path = segment.setAside ? await setAside(segment, read.path, context) : read.path;
    const files = [{ ...read, path }, ...copies];
    return { path, files, late, ...untouched };
  } catch (error) {
    await late.close();
    throw error;
  }
}

async function setAside(segment: PlannedSegment, path: string, context: ApplyContext): Promise<string> {
  const { fs, clock, lock, log } = context;
  const aside = await freeAsidePath(path, clock.now(), fs);
  await lock.requireHeld();
  await log.append(logEntry("set-aside", segment, noAmount, clock, { to: aside }));
  await renameDurably(path, aside, fs);
  return aside;
}

async function requireSameInode({ path, dev, ino }: FileIdentity, fs: FileSystem): Promise<void> {
  const found = await lookAt(path, fs);
  if (found.dev !== dev || found.ino !== ino) throw new SourceChanged(path);
}

/**
 * Whether an error comes of a source that somebody else has renamed or removed meanwhile, as writers do when they compress,
 * and nothing of it has been removed yet: then nothing is wrong.
 */
export async function isOfChange(error: unknown, source: Source, fs: FileSystem): Promise<boolean> {
  if (error instanceof SourceChanged) return true;
  if (errnoOf(error) !== "ENOENT" || source.isRemoving) return false;
  try {
    await requireUnchanged(source.files, fs);
    return false;
  } catch (found) {
    return found instanceof SourceChanged;
  }
}

/** @throws SourceChanged when a file is not the one that was looked at, or is gone */
export async function requireUnchanged(files: readonly FileIdentity[], fs: FileSystem): Promise<void> {
  for (const file of files) {
    if (!isSameFile(await lookAt(file.path, fs), file)) throw new SourceChanged(file.path);
  }
}

async function lookAt(path: string, fs: FileSystem): Promise<FileIdentity> {
  return identityOf(path, fs).catch((error: unknown) => {
    if (errnoOf(error) === "ENOENT") throw new SourceChanged(path);
    throw error;
  });
}

/** Removes a file that was checked just before. */
export async function unlinkFile(path: string, fs: FileSystem): Promise<void> {
  await fs.unlink(path).catch((error: unknown) => {
    throw describeFileError(error, "remove", path);
  });
}
