import fs from "node:fs";
import { promisify } from "node:util";
import type { FileSystem } from "./file-system.js";

const openFile = promisify(fs.open) as (path: string, flags: number, mode?: number) => Promise<number>;
const examineDescriptor = promisify(fs.fstat) as (fd: number) => Promise<fs.Stats>;
const statFileSystem = promisify(fs.statfs);

/** The real file system, by way of libuv's thread pool. */
export const nodeFileSystem: FileSystem = {
  open: (path, flags, mode) => openFile(path, flags, mode),
  close: promisify(fs.close),
  read: (fd, buffer, offset, length, position) =>
    new Promise((resolve, reject) => {
      fs.read(fd, buffer, offset, length, position, (error, bytes) =>
        error ? reject(error) : resolve(bytes),
      );
    }),
  write: (fd, buffer, offset, length) =>
    new Promise((resolve, reject) => {
      fs.write(fd, buffer, offset, length, null, (error, bytes) => (error ? reject(error) : resolve(bytes)));
    }),
  fstat: (fd) => examineDescriptor(fd),
  ftruncate: promisify(fs.ftruncate),
  fdatasync: promisify(fs.fdatasync),
  fsync: promisify(fs.fsync),
  stat: (path) => fs.promises.stat(path),
  lstat: (path) => fs.promises.lstat(path),
  access: (path, mode) => fs.promises.access(path, mode),
  space: async (path) => {
    const { bsize, bavail, blocks } = await statFileSystem(path);
    return { freeBytes: bsize * bavail, totalBytes: bsize * blocks };
  },
  rename: (from, to) => fs.promises.rename(from, to),
  link: (existing, created) => fs.promises.link(existing, created),
  unlink: (path) => fs.promises.unlink(path),
  mkdir: (path, mode) => fs.promises.mkdir(path, { mode }).then(() => undefined),
  rmdir: (path) => fs.promises.rmdir(path),
  readdir: (path) => fs.promises.readdir(path),
  realpath: (path) => fs.promises.realpath(path),
  openSync: (path, flags, mode) => fs.openSync(path, flags, mode),
  closeSync: (fd) => fs.closeSync(fd),
  writeSync: (fd, buffer, offset, length) => fs.writeSync(fd, buffer, offset, length, null),
  fstatSync: (fd) => fs.fstatSync(fd),
  statSync: (path) => fs.statSync(path),
  fsyncSync: (fd) => fs.fsyncSync(fd),
  mkdirSync: (path, mode) => fs.mkdirSync(path, { mode }),
};
