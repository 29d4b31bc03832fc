import type { Stats } from "node:fs";
import { dirname } from "node:path";
import { describeFileError, errnoOf } from "../errors/describe-file-error.js";
import { StorageError } from "../errors/storage-error.js";
import { syncDirectory } from "./durable-file.js";
import type { FileSystem } from "./file-system.js";
import { nodeFileSystem } from "./node-file-system.js";

/** Directories of ours can be entered by their owner only. */
export const privateDirectoryMode = 0o700;

/**
 * Directories whose names are known to survive a power cut. One that was removed and made again by another process
 * meanwhile is not looked at twice: who removes a store under its writers loses more than that.
 */
const durable = new WeakMap<FileSystem, Set<string>>();

/**
 * Makes sure that `path` is a directory: creates it and what is missing above it with mode 0700, durably. An
 * existing one is taken as it is, whatever its mode (see {@link directoryPrivacy}); a symbolic link in the last
 * place is refused with `DIRECTORY_IS_LINK`, anything else with `NOT_A_DIRECTORY`.
 *
 * A directory that is there already may have been made a moment ago, by another process or by an attempt whose fsync
 * failed: its name, and those above it that can be ours, are made durable too, once per process.
 */
export async function ensurePrivateDirectory(path: string, fs: FileSystem = nodeFileSystem): Promise<void> {
  if ((await create(path, fs)) === "parent missing") {
    await ensurePrivateDirectory(dirname(path), fs);
    // The parent is there now: a second ENOENT comes from a file system in which nothing can be created, like /proc.
    if ((await create(path, fs)) === "parent missing") {
      const message = `cannot create the directory ${path}, although the one above it exists (ENOENT); choose a place on a disk`;
      throw new StorageError("ENOENT", message, { path });
    }
  }
  await makeNamesDurable(path, fs);
}

async function create(path: string, fs: FileSystem): Promise<"done" | "parent missing"> {
  try {
    await fs.mkdir(path, privateDirectoryMode);
  } catch (error) {
    const code = errnoOf(error);
    if (code === "ENOENT" && dirname(path) !== path) return "parent missing";
    if (code !== "EEXIST") throw describeFileError(error, "create the directory", path);
    await requireDirectory(path, fs);
    return "done";
  }
  await syncDirectory(dirname(path), fs);
  durableIn(fs).add(path);
  return "done";
}

/** From `path` upward, as far as directories look as if this or another process of ours has made them. */
async function makeNamesDurable(path: string, fs: FileSystem): Promise<void> {
  const known = durableIn(fs);
  for (let directory = path; dirname(directory) !== directory; directory = dirname(directory)) {
    if (known.has(directory)) continue;
    if (!(await canBeOurs(directory, fs))) return;
    try {
      await syncDirectory(dirname(directory), fs);
    } catch (error) {
      // Who may not even list the directory above has hardly made one in it.
      if (errnoOf(error) !== "EACCES") throw error;
    }
    known.add(directory);
  }
}

async function canBeOurs(directory: string, fs: FileSystem): Promise<boolean> {
  try {
    const { isPrivate, isOurs } = await directoryPrivacy(directory, fs);
    return isPrivate && isOurs;
  } catch {
    return true; // One that cannot be looked at may be ours, and to make its name durable does no harm.
  }
}

function durableIn(fs: FileSystem): Set<string> {
  const known = durable.get(fs) ?? new Set();
  durable.set(fs, known);
  return known;
}

async function requireDirectory(path: string, fs: FileSystem): Promise<void> {
  const stats = await fs.lstat(path).catch((error: unknown) => {
    throw describeFileError(error, "examine", path);
  });
  judge(path, stats);
}

/**
 * Refuses what {@link ensurePrivateDirectory} refuses, for the end of a process, when nothing can be awaited. A directory that
 * is missing is left to whoever makes it.
 */
export function refuseOtherThanDirectorySync(path: string, fs: FileSystem = nodeFileSystem): void {
  let stats: Stats;
  try {
    stats = fs.lstatSync(path);
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return;
    throw describeFileError(error, "examine", path);
  }
  judge(path, stats);
}

function judge(path: string, stats: Stats): void {
  if (stats.isDirectory()) return;
  if (stats.isSymbolicLink()) {
    const message = `${path} is a symbolic link; a directory of events must be a real one: remove the link or use its target`;
    throw new StorageError("DIRECTORY_IS_LINK", message, { path });
  }
  throw new StorageError("NOT_A_DIRECTORY", `${path} is not a directory; move it out of the way`, { path });
}

/** Who besides the owner can reach a directory. */
export interface DirectoryPrivacy {
  /** True when nobody but its owner can list, enter or change it. */
  isPrivate: boolean;
  /** True when it belongs to the user of this process; always true where the system has no user ids. */
  isOurs: boolean;
  /** Permission bits, such as `0o755`. */
  mode: number;
}

/** Says how private an existing directory is: logging warns of a looser one, clean and restore refuse it. */
export async function directoryPrivacy(
  path: string,
  fs: FileSystem = nodeFileSystem,
): Promise<DirectoryPrivacy> {
  const stats = await fs.stat(path).catch((error: unknown) => {
    throw describeFileError(error, "examine", path);
  });
  const mode = stats.mode & 0o7777;
  const userId = process.getuid?.();
  return { isPrivate: (mode & 0o077) === 0, isOurs: userId === undefined || stats.uid === userId, mode };
}
