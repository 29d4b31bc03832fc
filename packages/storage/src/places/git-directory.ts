import { basename, dirname, join, resolve } from "node:path";
import type { FileSystem } from "../files/file-system.js";
import { readSmallFile } from "../files/small-file.js";
import { limits } from "../limits.js";

/** What git keeps for a working directory (gitrepository-layout(5)). */
export interface GitDirectories {
  /** Top directory of the working tree, or the git directory itself inside a bare one. */
  top: string;
  /** The directory that all worktrees of the repository share. */
  common: string;
}

/** The git directories of the repository that `directory` is in, looking upward; `undefined` outside of any. */
export async function findGitDirectories(
  directory: string,
  fs: FileSystem,
): Promise<GitDirectories | undefined> {
  for (let top = directory; ; top = dirname(top)) {
    const gitDirectory =
      (await gitDirectoryIn(top, fs)) ?? ((await isGitDirectory(top, fs)) ? top : undefined);
    if (gitDirectory !== undefined) return { top, common: await commonDirectory(gitDirectory, fs) };
    if (dirname(top) === top) return undefined;
  }
}

/** The git directory that `<top>/.git` is or points to. */
async function gitDirectoryIn(top: string, fs: FileSystem): Promise<string | undefined> {
  const dotGit = join(top, ".git");
  if (await isDirectory(dotGit, fs)) return (await isGitDirectory(dotGit, fs)) ? dotGit : undefined;
  if (!(await exists(dotGit, fs))) return undefined;
  const pointer = /^gitdir: (.+?)[\r\n]*$/.exec(
    (await readSmallFile(dotGit, limits.maxGitFileBytes, fs)) ?? "",
  );
  return pointer?.[1] === undefined ? undefined : resolve(top, pointer[1]);
}

/** The shared directory of a git directory: named by its file `commondir` where that is a linked worktree's. */
async function commonDirectory(gitDirectory: string, fs: FileSystem): Promise<string> {
  const pointer = await readSmallFile(join(gitDirectory, "commondir"), limits.maxGitFileBytes, fs);
  if (pointer !== undefined && pointer.trim() !== "") {
    return realPath(resolve(gitDirectory, pointer.replace(/[\r\n]+$/, "")), fs);
  }
  // In a container that has only the worktree, the repository cannot be read, but git's layout still names it.
  const parent = dirname(gitDirectory);
  const known = await exists(gitDirectory, fs);
  return !known && basename(parent) === "worktrees" ? dirname(parent) : realPath(gitDirectory, fs);
}

/** The test that git itself makes: `HEAD`, `objects/` and `refs/`, or a linked worktree's `HEAD` and `commondir`. */
async function isGitDirectory(path: string, fs: FileSystem): Promise<boolean> {
  if (!(await exists(join(path, "HEAD"), fs))) return false;
  if (await exists(join(path, "commondir"), fs)) return true;
  return (await isDirectory(join(path, "objects"), fs)) && (await isDirectory(join(path, "refs"), fs));
}

/** The path without symbolic links; as given where it does not exist. */
export async function realPath(path: string, fs: FileSystem): Promise<string> {
  return fs.realpath(path).catch(() => path);
}

/** True when something can be found at `path`; an unreadable place counts as nothing. */
export async function exists(path: string, fs: FileSystem): Promise<boolean> {
  return fs.stat(path).then(
    () => true,
    () => false,
  );
}

async function isDirectory(path: string, fs: FileSystem): Promise<boolean> {
  return fs.stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}
