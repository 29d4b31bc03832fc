import type { Stats } from "node:fs";

/**
 * The file operations this project uses, on numeric descriptors. Everything that touches a store goes through
 * such an object, so that tests can make any single call fail. All functions fail with Node's errno errors. Bytes of
 * a name that are not UTF-8 stand in it as lone surrogates, U+DC80 to U+DCFF.
 *
 * The functions whose names end in `Sync` exist for the end of a process, when nothing can be awaited.
 */
export interface FileSystem {
  /** `flags` are `fs.constants.O_*`; `mode` counts for created files, less the umask. */
  open(path: string, flags: number, mode?: number): Promise<number>;
  close(fd: number): Promise<void>;
  /** Reads up to `length` bytes at `position` (`null`: at the descriptor's own). 0 is the end of the file. */
  read(
    fd: number,
    buffer: Uint8Array,
    offset: number,
    length: number,
    position: number | null,
  ): Promise<number>;
  /** Writes at the descriptor's own position (the end, with `O_APPEND`). May write less than `length`: check. */
  write(fd: number, buffer: Uint8Array, offset: number, length: number): Promise<number>;
  fstat(fd: number): Promise<Stats>;
  ftruncate(fd: number, bytes: number): Promise<void>;
  /** Makes the file's content durable. */
  fdatasync(fd: number): Promise<void>;
  /** Makes content and metadata durable; on a directory, its entries. */
  fsync(fd: number): Promise<void>;
  stat(path: string): Promise<Stats>;
  lstat(path: string): Promise<Stats>;
  access(path: string, mode: number): Promise<void>;
  /** Free and total space of the file system that holds `path`, in bytes. */
  space(path: string): Promise<{ freeBytes: number; totalBytes: number }>;
  rename(from: string, to: string): Promise<void>;
  link(existing: string, created: string): Promise<void>;
  unlink(path: string): Promise<void>;
  mkdir(path: string, mode: number): Promise<void>;
  rmdir(path: string): Promise<void>;
  /** Names, in no particular order. */
  readdir(path: string): Promise<string[]>;
  realpath(path: string): Promise<string>;

  openSync(path: string, flags: number, mode?: number): number;
  closeSync(fd: number): void;
  writeSync(fd: number, buffer: Uint8Array, offset: number, length: number): number;
  fstatSync(fd: number): Stats;
  statSync(path: string): Stats;
  lstatSync(path: string): Stats;
  fsyncSync(fd: number): void;
  mkdirSync(path: string, mode: number): void;
}
