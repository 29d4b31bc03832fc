import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { temporaryGitRepository } from "./temporary-git-repository.js";

it("is a repository with one commit on main", async () => {
  const repository = await temporaryGitRepository("shop");
  expect(repository.path).toBe(join(repository.parent, "shop"));
  expect(await repository.git("rev-list", "--count", "main")).toBe("1");
});

it("commits files", async () => {
  const repository = await temporaryGitRepository();
  const hash = await repository.commit("add a file", { "src/a.txt": "a\n" });
  expect(await repository.git("show", `${hash}:src/a.txt`)).toBe("a");
});

it("adds worktrees beside the repository", async () => {
  const repository = await temporaryGitRepository();
  const worktree = await repository.addWorktree("agent-1");
  expect(readFileSync(join(worktree, ".git"), "utf8")).toMatch(/^gitdir: .*worktrees\/agent-1/);
  expect(await repository.git("worktree", "list", "--porcelain")).toContain(`worktree ${worktree}`);
});

it("disappears with its worktrees", async () => {
  const repository = await temporaryGitRepository();
  const worktree = await repository.addWorktree("agent-1");
  await repository.cleanup();
  expect([repository.path, worktree].map((path) => existsSync(path))).toEqual([false, false]);
});
