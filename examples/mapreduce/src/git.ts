import { execFile } from "node:child_process";

/** A git command that exited non-zero; the message holds the command and what git said. */
export class GitError extends Error {
  override readonly name = "GitError";
  readonly code = "GIT_FAILED";
}

/**
 * Variables that git sets for its hooks and that name *another* repository, index or work tree. A job
 * started from a hook must not inherit them, or every command here would act on the wrong repository.
 */
const localVariables = [
  "GIT_DIR",
  "GIT_WORK_TREE",
  "GIT_INDEX_FILE",
  "GIT_OBJECT_DIRECTORY",
  "GIT_ALTERNATE_OBJECT_DIRECTORIES",
  "GIT_COMMON_DIR",
  "GIT_NAMESPACE",
  "GIT_PREFIX",
];

/** The environment of this process without the variables that bind git to one repository. */
export function environment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !localVariables.includes(name)));
}

/** Runs one git command in `cwd` and returns its output without the last line break. Throws {@link GitError}. */
export function git(cwd: string, ...args: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile("git", args, { cwd, env: environment(), maxBuffer: 64 << 20 }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout.trimEnd());
      else
        reject(
          new GitError(`git ${args.join(" ")}: ${(stderr || stdout || error.message).trim()}`, {
            cause: error,
          }),
        );
    });
  });
}
