import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { type FileSystem, nodeFileSystem } from "@prodigy-events/storage";

/** A directory tree in memory that can be read as from a disk, a hundred times as fast, and damaged at will. */
export interface MemoryDisk {
  readonly fs: FileSystem;
  /** Path to content; change, add or remove as wanted. */
  readonly files: Map<string, Buffer>;
}

/** Takes everything below `directory` into memory, under the paths that it has. */
export function memoryDisk(directory: string): MemoryDisk {
  const files = new Map<string, Buffer>();
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile()) files.set(path, readFileSync(path));
  }
  const open = new Map<number, string>();
  let nextDescriptor = 1_000;
  const [directoryStats, template] = [statSync(directory), statSync([...files.keys()][0] as string)];
  const isDirectory = (path: string) => [...files.keys()].some((file) => file.startsWith(`${path}/`));
  const contentOf = (path: string) => files.get(path) ?? fail("ENOENT", path);
  const stat = async (path: string) => {
    if (isDirectory(path)) return directoryStats;
    const size = contentOf(path).length;
    const ino = [...files.keys()].indexOf(path);
    return Object.assign(Object.create(Object.getPrototypeOf(template)), template, { size, ino });
  };
  const reading: Partial<FileSystem> = {
    async open(path) {
      contentOf(path);
      open.set(++nextDescriptor, path);
      return nextDescriptor;
    },
    async close(fd) {
      open.delete(fd);
    },
    async read(fd, buffer, offset, length, position) {
      const content = contentOf(open.get(fd) as string);
      const start = Math.min(position ?? 0, content.length);
      return content.copy(buffer, offset, start, start + length);
    },
    fstat: (fd) => stat(open.get(fd) as string),
    stat,
    lstat: stat,
    async readdir(path) {
      if (!isDirectory(path)) fail("ENOENT", path);
      const below = [...files.keys()].filter((file) => file.startsWith(`${path}/`));
      return [...new Set(below.map((file) => file.slice(path.length + 1).split("/")[0] as string))];
    },
    realpath: async (path) => path,
  };
  const refused = (operation: string) => () => fail("EROFS", operation);
  const others = Object.keys(nodeFileSystem).map((operation) => [operation, refused(operation)]);
  return { fs: { ...Object.fromEntries(others), ...reading } as FileSystem, files };
}

function fail(code: string, path: string): never {
  throw Object.assign(new Error(`${code}: ${path}`), {
    code,
    syscall: "open",
    path,
    directory: dirname(path),
  });
}
