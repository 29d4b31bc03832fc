import { basename, dirname, join, resolve } from "node:path";
import { namesIn } from "../files/directory-names.js";
import type { FileSystem } from "../files/file-system.js";
import { nodeFileSystem } from "../files/node-file-system.js";
import { readSmallFile } from "../files/small-file.js";
import { limits } from "../limits.js";
import { coreSetting } from "./git-config.js";
import { exists, findGitDirectories, realPath } from "./git-directory.js";

/** A repository as the store knows it. */
export interface Repository {
  /** Never empty; the same from every worktree of the repository. */
  name: string;
  /** The main worktree's top directory; of a bare repository, its directory; without git, the working directory. */
  path: string;
}

/**
 * The repository that `cwd` belongs to, found by reading `.git` (no git is run). The name is that of the main
 * worktree's directory, so that all worktrees share it:
 *
 * | common git directory | name and path |
 * |---|---|
 * | `/src/shop/.git`, or `/src/shop/.bare` beside a `.git` | its parent: `shop`, `/src/shop` |
 * | of a submodule, with `core.worktree` | that working tree |
 * | `/srv/shop.git` (bare, or a separate git directory) | itself without `.git`: `shop`, `/srv/shop.git` |
 * | none | the working directory; for `/` the name is `root` |
 */
export async function repositoryOf(cwd: string, fs: FileSystem = nodeFileSystem): Promise<Repository> {
  const directory = await realPath(resolve(cwd), fs);
  const git = await findGitDirectories(directory, fs);
  const path = git === undefined ? directory : await mainDirectory(git.common, fs);
  const isBare = path === git?.common;
  return { name: basename(path, isBare ? ".git" : "") || "root", path };
}

/** The main worktree's top directory as told by the common git directory alone, so that every worktree agrees. */
async function mainDirectory(common: string, fs: FileSystem): Promise<string> {
  const parent = dirname(common);
  if (basename(common) === ".git") return parent;
  if (basename(common).startsWith(".") && (await exists(join(parent, ".git"), fs))) return parent;
  for (const file of ["config.worktree", "config"]) {
    const config = await readSmallFile(join(common, file), limits.maxGitFileBytes, fs);
    const worktree = config === undefined ? undefined : coreSetting(config, "worktree");
    if (worktree !== undefined) return realPath(resolve(common, worktree), fs);
  }
  return common;
}

/**
 * The top directories of all worktrees of the repository that `cwd` belongs to, the main one first, as far as
 * they exist. Without git: `cwd` alone.
 */
export async function worktreesOf(cwd: string, fs: FileSystem = nodeFileSystem): Promise<string[]> {
  const directory = await realPath(resolve(cwd), fs);
  const git = await findGitDirectories(directory, fs);
  if (git === undefined) return [directory];
  const candidates = [await mainDirectory(git.common, fs), git.top];
  const linked = join(git.common, "worktrees");
  for (const name of (await namesIn(linked, fs)).sort()) {
    const pointer = await readSmallFile(join(linked, name, "gitdir"), limits.maxGitFileBytes, fs);
    if (pointer === undefined) continue;
    candidates.push(await realPath(dirname(resolve(linked, name, pointer.replace(/[\r\n]+$/, ""))), fs));
  }
  const tops = new Set<string>();
  for (const candidate of candidates) {
    if (await exists(join(candidate, ".git"), fs)) tops.add(candidate);
  }
  return [...tops];
}
