import { existsSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { GitError, git } from "./git.js";

/** Two branches changed the same lines. The merge was taken back; the target branch is as it was. */
export class MergeConflict extends Error {
  override readonly name = "MergeConflict";
  readonly code = "MERGE_CONFLICT";
}

/**
 * The worktrees of one job: one for the target branch, in which the parent merges, and one per attempt of
 * an agent. All commands run one after the other, because git locks the repository, not the worktree: two
 * `git worktree add` at once can fail on each other's lock files.
 */
export class Worktrees {
  readonly #repository: string;
  readonly #folder: string;
  readonly #branchPrefix: string;
  #last: Promise<unknown> = Promise.resolve();

  constructor(repository: string, folder: string, branchPrefix: string) {
    this.#repository = repository;
    this.#folder = folder;
    this.#branchPrefix = branchPrefix;
  }

  /** The branch that collects the work of all agents. Nobody's own branch is ever touched. */
  get targetBranch(): string {
    return `${this.#branchPrefix}/target`;
  }

  /** The directory in which the target branch is checked out. */
  get targetPath(): string {
    return this.pathOf("target");
  }

  pathOf(name: string): string {
    return join(this.#folder, name);
  }

  branchOf(name: string): string {
    return `${this.#branchPrefix}/${name}`;
  }

  /** Creates the target branch at `HEAD`; of an interrupted job: checks it out again, without a half-done merge. */
  open(): Promise<void> {
    return this.#inTurn(async () => {
      await mkdir(this.#folder, { recursive: true });
      await git(this.#repository, "worktree", "prune");
      if (existsSync(this.targetPath)) {
        await git(this.targetPath, "reset", "--quiet", "--hard");
        return;
      }
      const known = await git(this.#repository, "branch", "--list", this.targetBranch);
      const branch =
        known === "" ? ["-b", this.targetBranch, this.targetPath] : [this.targetPath, this.targetBranch];
      await git(this.#repository, "worktree", "add", "--quiet", ...branch);
    });
  }

  /** A fresh worktree at the head of the target branch; what an earlier, killed attempt left there is removed. */
  create(name: string): Promise<string> {
    return this.#inTurn(async () => {
      const path = this.pathOf(name);
      await this.#discard(path);
      await git(
        this.#repository,
        "worktree",
        "add",
        "--quiet",
        "-B",
        this.branchOf(name),
        path,
        this.targetBranch,
      );
      return path;
    });
  }

  /** Whether a worktree's branch holds a file: what an agent says it did is believed when it is committed. */
  async holds(name: string, path: string): Promise<boolean> {
    return (await git(this.#repository, "ls-tree", "--name-only", this.branchOf(name), path)) !== "";
  }

  /** Merges a worktree's branch into the target branch and returns its commits, oldest first. Throws {@link MergeConflict}. */
  merge(name: string): Promise<string[]> {
    return this.#inTurn(async () => {
      const branch = this.branchOf(name);
      const commits = await git(this.#repository, "rev-list", "--reverse", `${this.targetBranch}..${branch}`);
      await this.#mergeIntoTarget(branch, `merge ${name}`);
      return commits === "" ? [] : commits.split("\n");
    });
  }

  /** Brings into the target branch what people committed meanwhile: the fix that a retry waits for. */
  mergeHead(): Promise<void> {
    return this.#inTurn(async () => {
      const head = await git(this.#repository, "rev-parse", "HEAD");
      await this.#mergeIntoTarget(head, "merge what was committed meanwhile");
    });
  }

  /** Removes a worktree and its branch. */
  remove(name: string): Promise<void> {
    return this.#inTurn(async () => {
      await this.#discard(this.pathOf(name));
      await git(this.#repository, "branch", "--quiet", "-D", this.branchOf(name));
    });
  }

  /** Commits everything in the target's worktree, if there is anything. */
  commitTarget(message: string): Promise<void> {
    return this.#inTurn(() => commitAll(this.targetPath, message));
  }

  /** Removes the worktrees of the job; the target branch stays, for people to look at and to merge. */
  close(): Promise<void> {
    return this.#inTurn(() => this.#discard(this.targetPath));
  }

  async #mergeIntoTarget(revision: string, message: string): Promise<void> {
    try {
      await git(this.targetPath, "merge", "--quiet", "--no-ff", "-m", message, revision);
    } catch (error) {
      const files = await git(this.targetPath, "diff", "--name-only", "--diff-filter=U");
      if (files === "") throw error;
      await git(this.targetPath, "merge", "--abort");
      throw new MergeConflict(`conflict in ${files.split("\n").join(", ")}`, { cause: error });
    }
  }

  async #discard(path: string): Promise<void> {
    if (!existsSync(path)) return;
    try {
      await git(this.#repository, "worktree", "remove", "--force", path);
    } catch (error) {
      // Not a worktree (any more): whatever stands in the way is a leftover in the job's own folder.
      if (!(error instanceof GitError)) throw error;
      await rm(path, { recursive: true, force: true });
      await git(this.#repository, "worktree", "prune");
    }
  }

  #inTurn<T>(action: () => Promise<T>): Promise<T> {
    const result = this.#last.then(action);
    // The queue goes on after a failure; whoever asked for the action gets the error.
    this.#last = result.catch(() => undefined);
    return result;
  }
}

/** Commits all changes in a worktree; does nothing when there are none, so that work may be repeated. */
export async function commitAll(worktree: string, message: string): Promise<void> {
  await git(worktree, "add", "--all");
  if ((await git(worktree, "status", "--porcelain")) !== "")
    await git(worktree, "commit", "--quiet", "-m", message);
}
