import { isAbsolute, join, parse, resolve, sep } from "node:path";
import type { FileSystem } from "@prodigy-events/storage";
import { globTest, isGlob } from "../filter/glob.js";
import { limits } from "../limits.js";

/**
 * The paths that a glob names, sorted. `*`, `?` and `[…]` stand within one name, `**` for any number of directories;
 * names that begin with a dot are found only by a pattern that begins with one.
 */
export async function expandGlob(pattern: string, cwd: string, fs: FileSystem): Promise<string[]> {
  const { root, dir, base } = parse(pattern);
  const names = [...dir.slice(root.length).split(sep), base].filter((name) => name !== "");
  let paths = [isAbsolute(pattern) ? root : resolve(cwd)];
  for (const name of names) {
    const found: string[] = [];
    for (const path of paths) found.push(...(await step(path, name, fs)));
    paths = [...new Set(found)].slice(0, limits.maxGlobMatches);
  }
  const existing = await Promise.all(
    paths.map(async (path) => ((await exists(path, fs)) ? path : undefined)),
  );
  return existing.filter((path) => path !== undefined).sort();
}

async function step(directory: string, name: string, fs: FileSystem): Promise<string[]> {
  if (name === "**") return descend(directory, fs);
  if (!isGlob(name)) return [join(directory, name)];
  const takes = globTest(name);
  const names = await namesIn(directory, fs);
  return names
    .filter((each) => takes(each) && (name.startsWith(".") || !each.startsWith(".")))
    .map((each) => join(directory, each));
}

/** `directory` and all directories below it; symbolic links are not followed, so that there is no circle. */
async function descend(directory: string, fs: FileSystem): Promise<string[]> {
  const found = [directory];
  for (const name of await namesIn(directory, fs)) {
    const path = join(directory, name);
    const stats = name.startsWith(".") ? undefined : await fs.lstat(path).catch(() => undefined); // gone meanwhile
    if (stats?.isDirectory()) found.push(...(await descend(path, fs)));
  }
  return found;
}

/** A glob finds what it can see: a file or a directory closed to us has no names. */
async function namesIn(directory: string, fs: FileSystem): Promise<string[]> {
  return (await fs.readdir(directory).catch(() => [])).sort();
}

async function exists(path: string, fs: FileSystem): Promise<boolean> {
  return fs.stat(path).then(
    () => true,
    () => false, // a name after a wildcard that is not in this directory
  );
}
