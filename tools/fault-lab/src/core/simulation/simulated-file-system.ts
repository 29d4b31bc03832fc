import { constants, type Stats } from "node:fs";
import { basename, dirname } from "node:path";
import type { FileSystem } from "@prodigy-events/storage";
import { errnoError } from "@prodigy-events/test-kit";
import type { DiskOperation, NameOperation } from "./disk-operation.js";
import { type DiskNode, DiskTree, rootInode } from "./disk-tree.js";

/** A file system in memory, and the diary of everything that changed it. */
export interface SimulatedFileSystem {
  readonly fs: FileSystem;
  readonly tree: DiskTree;
  /** In the order in which the operations took effect. */
  readonly operations: DiskOperation[];
}

interface OpenDescriptor {
  readonly inode: number;
  readonly flags: number;
  position: number;
}

const userId = process.getuid?.() ?? 0;

const isWriting = (flags: number): boolean => (flags & (constants.O_WRONLY | constants.O_RDWR)) !== 0;

/**
 * A disk as one process sees it, from `tree` on. The content of files and directories is what was written last,
 * synced or not; what a crash leaves of it is for `CrashModel` to say. `nowMs` gives files their times.
 */
export function simulatedFileSystem(
  tree = new DiskTree(),
  nowMs: () => number = () => 0,
): SimulatedFileSystem {
  const operations: DiskOperation[] = [];
  const descriptors = new Map<number, OpenDescriptor>();
  let nextDescriptor = 100;
  let nextInode = Math.max(...tree.nodes.keys()) + 1;

  const fail = (code: string, operation: string, path?: string): never => {
    throw errnoError(code, operation, path);
  };
  const locate = (path: string, operation: string): { directory: number; name: string; inode?: number } => {
    const directory = tree.find(dirname(path));
    if (directory === undefined) return fail("ENOENT", operation, path);
    const entries = tree.entries(directory);
    if (entries === undefined) return fail("ENOTDIR", operation, path);
    const inode = entries.get(basename(path));
    return { directory, name: basename(path), ...(inode === undefined ? {} : { inode }) };
  };
  const existing = (path: string, operation: string): { directory: number; name: string; inode: number } => {
    const { inode, ...place } = locate(path, operation);
    return inode === undefined ? fail("ENOENT", operation, path) : { ...place, inode };
  };
  const nodeOf = (inode: number): DiskNode => tree.nodes.get(inode) ?? fail("EIO", "lookup");
  const descriptor = (fd: number, operation: string): OpenDescriptor =>
    descriptors.get(fd) ?? fail("EBADF", operation);
  const change = (operation: NameOperation): void => {
    tree.apply(operation);
    operations.push(operation);
  };
  const make = (path: string, what: "file" | "directory", operation: string): number => {
    const place = locate(path, operation);
    if (place.inode !== undefined) fail("EEXIST", operation, path);
    const inode = nextInode++;
    const createdAtMs = nowMs();
    const file: DiskNode = { kind: "file", bytes: Buffer.alloc(0), createdAtMs };
    tree.nodes.set(inode, what === "file" ? file : { kind: what, entries: new Map(), createdAtMs });
    change({ kind: "create", directory: place.directory, name: place.name, inode, what });
    return inode;
  };
  const linksTo = (inode: number): number =>
    [...tree.nodes.values()].reduce(
      (count, node) =>
        count +
        (node.kind === "file" ? 0 : [...node.entries.values()].filter((each) => each === inode).length),
      0,
    );
  const statsOf = (inode: number, countLinks = false): Stats => {
    const node = nodeOf(inode);
    const isFile = node.kind === "file";
    return {
      dev: 1,
      ino: inode,
      size: isFile ? node.bytes.length : 0,
      mode: isFile ? 0o100600 : 0o040700,
      nlink: countLinks ? linksTo(inode) : 1,
      uid: userId,
      mtimeMs: node.createdAtMs,
      mtime: new Date(node.createdAtMs),
      isFile: () => isFile,
      isDirectory: () => !isFile,
      isSymbolicLink: () => false,
    } as Stats;
  };

  const openSync = (path: string, flags: number): number => {
    const found = path === "/" ? { inode: rootInode } : locate(path, "open");
    let { inode } = found;
    if (inode === undefined) {
      inode = flags & constants.O_CREAT ? make(path, "file", "open") : fail("ENOENT", "open", path);
    } else if (flags & constants.O_EXCL) fail("EEXIST", "open", path);
    const isDirectory = nodeOf(inode).kind === "directory";
    if (isDirectory && isWriting(flags)) fail("EISDIR", "open", path);
    if (!isDirectory && flags & constants.O_DIRECTORY) fail("ENOTDIR", "open", path);
    const fd = nextDescriptor++;
    descriptors.set(fd, { inode, flags, position: 0 });
    return fd;
  };
  const closeSync = (fd: number): void => {
    if (!descriptors.delete(fd)) fail("EBADF", "close");
  };
  const writeSync = (fd: number, buffer: Uint8Array, offset: number, length: number): number => {
    const open = descriptor(fd, "write");
    const node = nodeOf(open.inode);
    if (node.kind !== "file" || !isWriting(open.flags)) return fail("EBADF", "write");
    const at = open.flags & constants.O_APPEND ? node.bytes.length : open.position;
    const bytes = Buffer.from(buffer.subarray(offset, offset + length));
    node.bytes = overwritten(node.bytes, at, bytes);
    open.position = at + length;
    operations.push({ kind: "write", inode: open.inode, offset: at, bytes });
    return length;
  };
  const sync = (fd: number): void => {
    operations.push({ kind: "sync", inode: descriptor(fd, "fsync").inode });
  };
  const statSync = (path: string): Stats => statsOf(path === "/" ? rootInode : existing(path, "stat").inode);
  const mkdirSync = (path: string): void => void make(path, "directory", "mkdir");

  const fs: FileSystem = {
    open: async (path, flags) => openSync(path, flags),
    close: async (fd) => closeSync(fd),
    read: async (fd, buffer, offset, length, position) => {
      const open = descriptor(fd, "read");
      const node = nodeOf(open.inode);
      if (node.kind !== "file") return fail("EISDIR", "read");
      const at = position ?? open.position;
      if (at >= node.bytes.length) return 0;
      const count = node.bytes.copy(buffer, offset, at, Math.min(node.bytes.length, at + length));
      if (position === null) open.position += count;
      return count;
    },
    write: async (fd, buffer, offset, length) => writeSync(fd, buffer, offset, length),
    fstat: async (fd) => statsOf(descriptor(fd, "fstat").inode, true),
    ftruncate: async (fd, bytes) => {
      const { inode } = descriptor(fd, "ftruncate");
      const node = nodeOf(inode);
      if (node.kind === "file") node.bytes = resized(node.bytes, bytes);
      operations.push({ kind: "truncate", inode, bytes });
    },
    fdatasync: async (fd) => sync(fd),
    fsync: async (fd) => sync(fd),
    stat: async (path) => statSync(path),
    lstat: async (path) => statsOf(path === "/" ? rootInode : existing(path, "lstat").inode),
    access: async (path) => void existing(path, "access"),
    space: async () => ({ freeBytes: 1e12, totalBytes: 1e12 }),
    rename: async (from, to) => {
      const source = existing(from, "rename");
      const target = locate(to, "rename");
      change({
        ...{ kind: "rename", directory: source.directory, name: source.name, inode: source.inode },
        ...{ toDirectory: target.directory, toName: target.name },
      });
    },
    link: async (from, to) => {
      const { inode } = existing(from, "link");
      const target = locate(to, "link");
      if (target.inode !== undefined) fail("EEXIST", "link", to);
      if (nodeOf(inode).kind === "directory") fail("EPERM", "link", from);
      change({ kind: "link", directory: target.directory, name: target.name, inode });
    },
    unlink: async (path) => {
      const place = existing(path, "unlink");
      if (nodeOf(place.inode).kind === "directory") fail("EISDIR", "unlink", path);
      change({ kind: "unlink", ...place });
    },
    mkdir: async (path) => mkdirSync(path),
    rmdir: async (path) => {
      const place = existing(path, "rmdir");
      const entries = tree.entries(place.inode) ?? fail("ENOTDIR", "rmdir", path);
      if (entries.size > 0) fail("ENOTEMPTY", "rmdir", path);
      change({ kind: "unlink", ...place });
    },
    readdir: async (path) => {
      const entries = tree.entries(path === "/" ? rootInode : existing(path, "readdir").inode);
      return [...(entries ?? fail("ENOTDIR", "readdir", path)).keys()];
    },
    realpath: async (path) => path,
    openSync,
    closeSync,
    writeSync,
    fstatSync: (fd) => statsOf(descriptor(fd, "fstat").inode, true),
    statSync,
    lstatSync: statSync,
    fsyncSync: sync,
    mkdirSync,
  };
  return { fs, tree, operations };
}

/** The bytes with some others in place of those at an offset. */
export function overwritten(bytes: Buffer, offset: number, by: Buffer): Buffer {
  const before = resized(bytes, offset);
  return Buffer.concat([before, by, bytes.subarray(Math.min(bytes.length, offset + by.length))]);
}

/** The first so many bytes, filled up with NULs. */
export function resized(bytes: Buffer, length: number): Buffer {
  return length <= bytes.length
    ? bytes.subarray(0, length)
    : Buffer.concat([bytes, Buffer.alloc(length - bytes.length)]);
}
