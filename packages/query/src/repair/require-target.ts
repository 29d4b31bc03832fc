import { dirname, relative, resolve } from "node:path";
import { errnoOf, type FileSystem } from "@prodigy-events/storage";
import { QueryError } from "../errors.js";

/**
 * The absolute path of a directory that a repaired store may be written to.
 *
 * @param roots of the stores that are read
 * @throws QueryError `BAD_TARGET` when it is not empty, no directory, or in one of the stores
 */
export async function requireTarget(to: string, roots: readonly string[], fs: FileSystem): Promise<string> {
  const path = resolve(to);
  const refuse = (why: string) =>
    new QueryError(
      "BAD_TARGET",
      `cannot repair to ${path}: ${why}; name a new or empty directory elsewhere`,
      { path },
    );
  const real = await realPathOf(path, fs);
  for (const root of roots) {
    if (isWithin(real, await realPathOf(root, fs)))
      throw refuse(`it is in the store ${root} that is to be repaired`);
  }
  const names = await fs.readdir(path).catch((error: unknown) => {
    if (errnoOf(error) === "ENOENT") return [];
    throw refuse(
      errnoOf(error) === "ENOTDIR" ? "it is no directory" : `it cannot be read (${errnoOf(error)})`,
    );
  });
  if (names.length > 0) throw refuse("it is not empty");
  return path;
}

/** With links resolved as far as the path exists. */
async function realPathOf(path: string, fs: FileSystem): Promise<string> {
  const absolute = resolve(path);
  const real = await fs.realpath(absolute).catch(() => undefined); // it may well not exist yet
  if (real !== undefined || dirname(absolute) === absolute) return real ?? absolute;
  return resolve(await realPathOf(dirname(absolute), fs), relative(dirname(absolute), absolute));
}

function isWithin(path: string, directory: string): boolean {
  const way = relative(directory, path);
  return way === "" || !(way === ".." || way.startsWith("../"));
}
