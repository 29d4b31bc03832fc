import { basename, dirname, join } from "node:path";
import {
  cleanDirectoryName,
  createPrivateFile,
  currentProcessIdentity,
  describeFileError,
  errnoOf,
  type FileSystem,
  openForReading,
  openSealedJson,
  type ProcessIdentity,
  producerLiveness,
  readFully,
  removeQuietly,
  sealJson,
  syncFile,
  temporaryName,
  writeFully,
} from "@prodigy-events/storage";
import { type FileIdentity, identityOf, isSameFile } from "../content/file-identity.js";
import { hasNoLinks } from "../content/put-in-place.js";
import { isDiskFull, RetentionError } from "../errors.js";
import { limits } from "../limits.js";
import { openCleanDirectory } from "./clean-directory.js";
import { lockName, takeoverSuffix } from "./clean-place.js";

/** How a lock is taken. */
export interface LockOptions {
  fs: FileSystem;
  /** Take it from whoever holds it. */
  breakLock: boolean;
  /** RFC 3339, for people who find the lock. */
  at: string;
}

/**
 * Keeps two cleans out of one directory: the file `.clean/lock`, created exclusively, which names its holder. It
 * is taken over only when the holder is provably dead, or by `breakLock`. It reaches further than the socket of
 * {@link CleanSockets}: to other hosts and network namespaces. What protects the data is neither, but that every step
 * checks what it is about to change; the locks keep two cleans from stopping each other.
 */
export class CleanLock {
  readonly #path: string;
  /** Absent when the disk had no room even for the lock. */
  readonly #file: FileIdentity | undefined;
  readonly #fs: FileSystem;

  private constructor(path: string, file: FileIdentity | undefined, fs: FileSystem) {
    this.#path = path;
    this.#file = file;
    this.#fs = fs;
  }

  /**
   * On a disk so full that there is no room for the lock, clean works without: it is what makes room, and the data do
   * not depend on the lock.
   *
   * @throws RetentionError `LOCKED` when somebody else holds it or may hold it
   */
  static async acquire(directory: string, options: LockOptions): Promise<CleanLock> {
    const { fs } = options;
    const path = join(directory, cleanDirectoryName, lockName);
    const file = await takeLock(directory, path, options).catch((error: unknown): undefined => {
      if (!isDiskFull(error)) throw error;
    });
    return new CleanLock(path, file, fs);
  }

  /** @throws RetentionError `LOCK_LOST` when somebody took it away */
  async requireHeld(): Promise<void> {
    if (await this.#isHeld()) return;
    const message = `somebody broke the lock ${this.#path} while this clean was at work; it stops here, run it again`;
    throw new RetentionError("LOCK_LOST", message, { path: this.#path });
  }

  async release(): Promise<void> {
    // A lock that cannot be removed names a process that ends soon; whoever comes next finds that it is dead.
    if (this.#file !== undefined && (await this.#isHeld().catch(() => false))) {
      await removeQuietly(this.#path, this.#fs);
    }
  }

  async #isHeld(): Promise<boolean> {
    if (this.#file === undefined) return true;
    try {
      return isSameFile(await identityOf(this.#path, this.#fs), this.#file);
    } catch (error) {
      if (errnoOf(error) === "ENOENT") return false;
      throw error;
    }
  }
}

async function takeLock(directory: string, path: string, options: LockOptions): Promise<FileIdentity> {
  const { fs, breakLock, at } = options;
  await openCleanDirectory(directory, fs);
  for (let mayTakeOver = true; ; mayTakeOver = false) {
    const created = await createLock(path, at, fs);
    if (created !== undefined) return created;
    const held = await inspect(path, fs);
    if (held === undefined) continue; // released just now
    const isDead = held.holder !== undefined && producerLiveness(held.holder) === "dead";
    if (!mayTakeOver || !(isDead || breakLock)) throw locked(directory, path, held.holder);
    await takeAway(directory, path, held, options);
  }
}

/**
 * Creates the lock whole: it names its holder from its first moment, so that whoever finds it after a crash can tell
 * that its holder is dead. `undefined` when there is one.
 */
async function createLock(path: string, at: string, fs: FileSystem): Promise<FileIdentity | undefined> {
  const draft = join(dirname(path), temporaryName(basename(path)));
  const file = await sign(await createPrivateFile(draft, fs), draft, at, fs);
  try {
    await fs.link(draft, path);
    return { ...file, path };
  } catch (error) {
    const code = errnoOf(error) ?? "";
    // The draft can be missing: a holder that has just come removes what it finds beside the lock.
    if (code === "EEXIST" || code === "ENOENT") return undefined;
    if (!hasNoLinks.has(code)) throw describeFileError(error, "create", path);
    return await createInPlace(path, at, fs);
  } finally {
    await removeQuietly(draft, fs);
  }
}

/** The same where there are no hard links. */
async function createInPlace(path: string, at: string, fs: FileSystem): Promise<FileIdentity | undefined> {
  const fd = await createPrivateFile(path, fs).catch((error: unknown) => {
    if (errnoOf(error) !== "EEXIST") throw error;
  });
  return fd === undefined ? undefined : sign(fd, path, at, fs);
}

/** Writes who holds the lock. On a full disk the lock stays empty: it holds all the same, but nobody can judge it. */
async function sign(fd: number, path: string, at: string, fs: FileSystem): Promise<FileIdentity> {
  try {
    try {
      await writeFully(fd, Buffer.from(sealJson({ ...currentProcessIdentity(), at })), path, fs);
      await syncFile(fd, path, fs);
    } catch (error) {
      if (!isDiskFull(error)) throw error;
    }
    const { dev, ino, size, mtimeMs } = await fs.fstat(fd);
    return { path, dev, ino, bytes: size, mtimeMs };
  } catch (error) {
    await removeQuietly(path, fs);
    throw describeFileError(error, "write", path);
  } finally {
    await fs.close(fd);
  }
}

type HeldLock = FileIdentity & { holder: (ProcessIdentity & { at?: unknown }) | undefined };

/** Who holds the lock, as far as it says; `undefined` when it is not there any more. */
async function inspect(path: string, fs: FileSystem): Promise<HeldLock | undefined> {
  try {
    const { fd, stats } = await openForReading(path, fs);
    try {
      const buffer = Buffer.alloc(Math.min(stats.size, limits.maxNoteBytes));
      await readFully(fd, buffer, buffer.length, 0, path, fs);
      const content = openSealedJson(buffer.toString("utf8"));
      const holder = content !== undefined && isIdentity(content) ? content : undefined;
      return { path, dev: stats.dev, ino: stats.ino, bytes: stats.size, mtimeMs: stats.mtimeMs, holder };
    } finally {
      await fs.close(fd);
    }
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

function isIdentity(content: Record<string, unknown>): content is Record<string, unknown> & ProcessIdentity {
  const optional = ["processStartTime", "pidNamespace", "bootId", "machineId"];
  return (
    Number.isSafeInteger(content.pid) &&
    typeof content.host === "string" &&
    optional.every((key) => content[key] === null || typeof content[key] === "string")
  );
}

/**
 * Removes the lock that was inspected, and no other. Several may have found it dead, and the quickest may have its own
 * in that place by now: so who removes it first takes the lock on doing so, in the same manner, and looks again.
 */
async function takeAway(
  directory: string,
  path: string,
  inspected: FileIdentity,
  options: LockOptions,
): Promise<void> {
  const { fs } = options;
  const guard = `${path}${takeoverSuffix}`;
  await takeLock(directory, guard, options);
  try {
    const found = await inspect(path, fs);
    if (found !== undefined && isSameFile(found, inspected)) await fs.unlink(path);
  } catch (error) {
    throw describeFileError(error, "remove", path);
  } finally {
    await removeQuietly(guard, fs);
  }
}

function locked(directory: string, path: string, holder: HeldLock["holder"]): RetentionError {
  const who =
    holder === undefined ? "a clean that its lock does not name" : `process ${holder.pid} on ${holder.host}`;
  const message = `${who} is cleaning or restoring in ${directory}; wait until it has ended, or, if you know that it has, take its lock with --break-lock`;
  return new RetentionError("LOCKED", message, { path });
}
