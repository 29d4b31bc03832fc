import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { temporaryDirectory } from "./temporary-directory.js";

const run = promisify(execFile);

/** A real git repository with one commit, in a temporary directory that disappears with its worktrees. */
export interface TemporaryGitRepository extends AsyncDisposable {
  /** Top directory of the main worktree. */
  readonly path: string;
  /** The directory that holds the repository and its worktrees side by side. */
  readonly parent: string;
  /** Runs git in the main worktree and returns its standard output without the final line end. */
  git(...args: string[]): Promise<string>;
  /** Writes files (path in the main worktree to text), stages everything and commits it. Returns the commit hash. */
  commit(message: string, files?: Readonly<Record<string, string>>): Promise<string>;
  /** Adds a linked worktree with a branch of the same name beside the repository and returns its path. */
  addWorktree(name: string): Promise<string>;
  cleanup(): Promise<void>;
}

/**
 * A new repository called `name`, made by the git of this machine without its owner's settings.
 *
 * @example
 * const repository = await temporaryGitRepository("shop");
 * const worktree = await repository.addWorktree("agent-1");
 */
export async function temporaryGitRepository(name = "repository"): Promise<TemporaryGitRepository> {
  const directory = await temporaryDirectory("prodigy-events-git-");
  const path = directory.join(name);
  const git = async (...args: string[]) => {
    const { stdout } = await run("git", args, { cwd: path, env: isolatedEnvironment() });
    return stdout.replace(/\n$/, "");
  };
  const commit: TemporaryGitRepository["commit"] = async (message, files = {}) => {
    for (const [file, text] of Object.entries(files)) {
      await mkdir(dirname(join(path, file)), { recursive: true });
      await writeFile(join(path, file), text);
    }
    await git("add", "--all");
    await git("commit", "--quiet", "--allow-empty", "--message", message);
    return git("rev-parse", "HEAD");
  };
  await mkdir(path);
  await git("init", "--quiet", "--initial-branch=main");
  await commit("first");
  return {
    path,
    parent: directory.path,
    git,
    commit,
    addWorktree: async (branch) => {
      const worktree = directory.join(branch);
      await git("worktree", "add", "--quiet", "-b", branch, worktree);
      return worktree;
    },
    cleanup: directory.cleanup,
    [Symbol.asyncDispose]: directory.cleanup,
  };
}

/** The environment without `GIT_*` (a test may run inside a git hook) and without the user's git configuration. */
function isolatedEnvironment(): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([key]) => !key.startsWith("GIT_"));
  return {
    ...Object.fromEntries(inherited),
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_AUTHOR_NAME: "Test",
    GIT_AUTHOR_EMAIL: "test@example.org",
    GIT_COMMITTER_NAME: "Test",
    GIT_COMMITTER_EMAIL: "test@example.org",
    GIT_TERMINAL_PROMPT: "0",
  };
}
