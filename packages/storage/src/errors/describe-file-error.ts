import { constants } from "node:os";
import { StorageError } from "./storage-error.js";

/** The names of this system's error numbers. */
const namesByErrno: ReadonlyMap<number, string> = new Map(
  Object.entries(constants.errno).map(([name, errno]) => [errno, name]),
);

/** What the system's error names mean and what a person can do, one line each. */
const adviceByErrno: Readonly<Record<string, readonly [meaning: string, advice: string]>> = {
  EACCES: ["permission denied", "check the owner and mode of the file and of every directory above it"],
  EPERM: ["not permitted", "check the owner, file attributes (lsattr) and mount options"],
  EROFS: ["the file system is read-only", "remount it writable or choose another store with PRODIGY_HOME"],
  ENOENT: ["it does not exist", "check the path; it may have been removed or renamed meanwhile"],
  ENOTDIR: ["a part of the path is not a directory", "check the path, or move the file that is in the way"],
  EISDIR: ["it is a directory", "give the path of a file"],
  EEXIST: ["it exists already", "choose another name, or remove what is there"],
  ENOTEMPTY: ["the directory is not empty", "remove what is in it first"],
  ENOSPC: ["no space left on the device", "free space or inodes (df -h, df -i), or run 'events clean'"],
  EDQUOT: ["the disk quota is used up", "free space or ask for a larger quota (quota -s)"],
  EFBIG: ["the file would be too large", "check 'ulimit -f' and the limits of the file system"],
  EMFILE: ["this process has too many open files", "raise the limit (ulimit -n)"],
  ENFILE: ["the system has too many open files", "close programs or raise fs.file-max"],
  ELOOP: ["it is a symbolic link where none is allowed, or links form a loop", "remove the link"],
  ENAMETOOLONG: ["the name is too long", "use a shorter name or path"],
  EXDEV: ["source and target are on different file systems", "choose a target on the same file system"],
  EIO: ["input/output error", "the disk may be failing: check the kernel log (dmesg) and back up"],
  EBUSY: ["it is in use", "stop what uses it and try again"],
  ETXTBSY: ["it is being executed", "stop what uses it and try again"],
  ESTALE: ["the network file system lost the file", "check the mount and try again"],
  EINVAL: ["the file system refused the operation", "check that the path is on an ordinary file system"],
  ENOTSUP: ["the file system does not support this", "use another file system for the store"],
  ENOSYS: ["the system does not support this", "use another file system for the store"],
};

/**
 * Turns what a file operation threw into a {@link StorageError} with the same errno as `code`, a one-line
 * message that says what was attempted, where, why it failed and what to do, and the original as `cause`.
 * A `StorageError` is returned as it is.
 *
 * @param action what was attempted, as a verb: `"open"`, `"create the directory"`
 *
 * @example
 * describeFileError(error, "open", "/store/x.jsonl").message;
 * // "cannot open /store/x.jsonl: permission denied (EACCES); check the owner and mode of …"
 */
export function describeFileError(error: unknown, action: string, path: string): StorageError {
  if (error instanceof StorageError) return error;
  const code = errnoOf(error);
  if (code === undefined) {
    const reason = error instanceof Error ? error.message : String(error);
    return new StorageError("UNKNOWN", `cannot ${action} ${path}: ${reason}`, { path, cause: error });
  }
  const [meaning, advice] = adviceByErrno[code] ?? ["the system refused", `see errno(3) for ${code}`];
  return new StorageError(code, `cannot ${action} ${path}: ${meaning} (${code}); ${advice}`, {
    path,
    cause: error,
  });
}

/**
 * The errno name of a failed system call, also inside a {@link StorageError}; `undefined` for any other value. Node has no
 * name for some (EDQUOT and ESTALE among them) and says `Unknown system error -122`: those are named by their number.
 */
export function errnoOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  const { code } = error;
  if (typeof code !== "string") return undefined;
  if (/^E[A-Z0-9]+$/.test(code)) return code;
  const { errno } = error as NodeJS.ErrnoException;
  return code.startsWith("Unknown system error") && errno !== undefined
    ? namesByErrno.get(-errno)
    : undefined;
}
