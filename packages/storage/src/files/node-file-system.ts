import fs from "node:fs";
import { promisify } from "node:util";
import type { FileSystem } from "./file-system.js";
import { mayHaveLost, nativePath, pathOfBytes } from "./native-path.js";

const openFile = promisify(fs.open) as (path: fs.PathLike, flags: number, mode?: number) => Promise<number>;
const examineDescriptor = promisify(fs.fstat) as (fd: number) => Promise<fs.Stats>;
const statFileSystem = promisify(fs.statfs);

/**
 * The real file system, by way of libuv's thread pool. Names that are not UTF-8 are listed too, in a form that the other
 * functions take: see `nativePath`.
 */
export const nodeFileSystem: FileSystem = {
  open: (path, flags, mode) => openFile(nativePath(path), flags, mode),
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
  stat: (path) => fs.promises.stat(nativePath(path)),
  lstat: (path) => fs.promises.lstat(nativePath(path)),
  access: (path, mode) => fs.promises.access(nativePath(path), mode),
  space: async (path) => {
    const { bsize, bavail, blocks } = await statFileSystem(nativePath(path));
    return { freeBytes: bsize * bavail, totalBytes: bsize * blocks };
  },
  rename: (from, to) => fs.promises.rename(nativePath(from), nativePath(to)),
  link: (existing, created) => fs.promises.link(nativePath(existing), nativePath(created)),
  unlink: (path) => fs.promises.unlink(nativePath(path)),
  mkdir: (path, mode) => fs.promises.mkdir(nativePath(path), { mode }).then(() => undefined),
  rmdir: (path) => fs.promises.rmdir(nativePath(path)),
  readdir: async (path) => {
    const names = await fs.promises.readdir(nativePath(path));
    if (!names.some(mayHaveLost)) return names;
    return (await fs.promises.readdir(nativePath(path), { encoding: "buffer" })).map(pathOfBytes);
  },
  realpath: async (path) => {
    const real = await fs.promises.realpath(nativePath(path));
    if (!mayHaveLost(real)) return real;
    return pathOfBytes(await fs.promises.realpath(nativePath(path), { encoding: "buffer" }));
  },
  openSync: (path, flags, mode) => fs.openSync(nativePath(path), flags, mode),
  closeSync: (fd) => fs.closeSync(fd),
  writeSync: (fd, buffer, offset, length) => fs.writeSync(fd, buffer, offset, length, null),
  fstatSync: (fd) => fs.fstatSync(fd),
  statSync: (path) => fs.statSync(nativePath(path)),
  lstatSync: (path) => fs.lstatSync(nativePath(path)),
  fsyncSync: (fd) => fs.fsyncSync(fd),
  mkdirSync: (path, mode) => fs.mkdirSync(nativePath(path), { mode }),
};
