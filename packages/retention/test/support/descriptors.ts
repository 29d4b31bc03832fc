import type { FileSystem } from "@prodigy-events/storage";

/** A file system that knows what was opened through it and not closed again. */
export function watchDescriptors(fs: FileSystem): { fs: FileSystem; stillOpen(): string[] } {
  const paths = new Map<number, string>();
  return {
    fs: {
      ...fs,
      open: async (path, flags, mode) => {
        const fd = await fs.open(path, flags, mode);
        paths.set(fd, path);
        return fd;
      },
      close: async (fd) => {
        await fs.close(fd);
        paths.delete(fd);
      },
    },
    stillOpen: () => [...paths.values()],
  };
}
