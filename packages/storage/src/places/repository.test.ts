import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { temporaryDirectory, temporaryGitRepository } from "@prodigy-events/test-kit";
import { describe, expect, it } from "vitest";
import { repositoryOf, worktreesOf } from "./repository.js";

const git = (cwd: string, ...args: string[]) =>
  execFileSync("git", ["-c", "protocol.file.allow=always", ...args], { cwd, stdio: "pipe" });

describe("repositoryOf", () => {
  it("is the main worktree's directory, from anywhere in it", async () => {
    const { path } = await temporaryGitRepository("shop");
    mkdirSync(join(path, "src", "deep"), { recursive: true });
    for (const cwd of [path, join(path, "src", "deep"), join(path, ".git"), join(path, ".git", "refs")]) {
      expect(await repositoryOf(cwd)).toEqual({ name: "shop", path });
    }
  });

  it("is the same from every worktree", async () => {
    const repository = await temporaryGitRepository("shop");
    const worktree = await repository.addWorktree("agent-1");
    mkdirSync(join(worktree, "src"));
    for (const cwd of [worktree, join(worktree, "src")]) {
      expect(await repositoryOf(cwd)).toEqual({ name: "shop", path: repository.path });
    }
  });

  it("follows symbolic links to the real repository", async () => {
    const { path, parent } = await temporaryGitRepository("shop");
    symlinkSync(path, join(parent, "alias"));
    expect(await repositoryOf(join(parent, "alias"))).toEqual({ name: "shop", path });
  });

  it("is named without .git when it is bare, also from its worktrees", async () => {
    const { path, parent } = await temporaryGitRepository("shop");
    const bare = join(parent, "store.git");
    git(parent, "clone", "--quiet", "--bare", path, bare);
    git(bare, "worktree", "add", "--quiet", join(parent, "wt"), "-b", "wt");
    for (const cwd of [bare, join(bare, "refs"), join(parent, "wt")]) {
      expect(await repositoryOf(cwd)).toEqual({ name: "store", path: bare });
    }
  });

  it("is the directory around a hidden bare repository that .git points to", async () => {
    const { path, parent } = await temporaryGitRepository("origin");
    const project = join(parent, "project");
    git(parent, "clone", "--quiet", "--bare", path, join(project, ".bare"));
    writeFileSync(join(project, ".git"), "gitdir: ./.bare\n");
    git(project, "worktree", "add", "--quiet", "main-tree", "-b", "x");
    for (const cwd of [project, join(project, "main-tree")]) {
      expect(await repositoryOf(cwd)).toEqual({ name: "project", path: project });
    }
  });

  it("is a hidden bare repository itself when nothing points to it", async () => {
    const { path, parent } = await temporaryGitRepository("origin");
    git(parent, "clone", "--quiet", "--bare", path, join(parent, ".dotfiles"));
    expect(await repositoryOf(join(parent, ".dotfiles"))).toEqual({
      name: ".dotfiles",
      path: join(parent, ".dotfiles"),
    });
  });

  it("is the submodule's own tree, also from a worktree of the submodule", async () => {
    const library = await temporaryGitRepository("library");
    const shop = await temporaryGitRepository("shop");
    git(shop.path, "submodule", "--quiet", "add", library.path, "vendor/lib");
    const submodule = join(shop.path, "vendor", "lib");
    git(submodule, "worktree", "add", "--quiet", join(shop.parent, "lib-wt"), "-b", "wt");
    for (const cwd of [submodule, join(shop.parent, "lib-wt")]) {
      expect(await repositoryOf(cwd)).toEqual({ name: "lib", path: submodule });
    }
    expect((await repositoryOf(shop.path)).name).toBe("shop");
  });

  it.each(["kept.git", "worktrees/kept.git"])(
    "is the git directory when that is kept elsewhere, in %s, the same for all its worktrees",
    async (kept) => {
      const { join: inDirectory } = await temporaryDirectory();
      mkdirSync(inDirectory("worktrees"));
      mkdirSync(inDirectory("tree"));
      git(inDirectory("tree"), "init", "--quiet", "--separate-git-dir", inDirectory(kept));
      git(
        inDirectory("tree"),
        "-c",
        "user.name=a",
        "-c",
        "user.email=a@b",
        "commit",
        "--quiet",
        "--allow-empty",
        "-m",
        "x",
      );
      git(inDirectory("tree"), "worktree", "add", "--quiet", inDirectory("wt"), "-b", "wt");
      for (const cwd of ["tree", "wt"]) {
        expect(await repositoryOf(inDirectory(cwd))).toEqual({ name: "kept", path: inDirectory(kept) });
      }
    },
  );

  it("is still known from a worktree whose repository is out of reach", async () => {
    const repository = await temporaryGitRepository("shop");
    const worktree = await repository.addWorktree("agent-1");
    rmSync(repository.path, { recursive: true });
    expect(await repositoryOf(worktree)).toEqual({ name: "shop", path: repository.path });
  });

  it("is the working directory where there is no git", async () => {
    const { path, join: inDirectory } = await temporaryDirectory();
    mkdirSync(inDirectory("plain.git"));
    expect(await repositoryOf(path)).toEqual({ name: basename(path), path });
    expect(await repositoryOf(inDirectory("plain.git"))).toMatchObject({ name: "plain.git" });
    expect(await repositoryOf("/")).toEqual({ name: "root", path: "/" });
  });

  it.each([
    ["an empty .git directory", (top: string) => mkdirSync(join(top, ".git"))],
    ["a .git file that says nothing", (top: string) => writeFileSync(join(top, ".git"), "what?\n")],
  ])("does not take %s for a repository", async (_kind, prepare) => {
    const { path } = await temporaryDirectory();
    prepare(path);
    expect(await repositoryOf(path)).toEqual({ name: basename(path), path });
  });

  it("takes a directory that does not exist for what it would be", async () => {
    const { path } = await temporaryGitRepository("shop");
    expect(await repositoryOf(join(path, "not", "yet"))).toEqual({ name: "shop", path });
  });
});

describe("worktreesOf", () => {
  it("is the main worktree and all others, from any of them", async () => {
    const repository = await temporaryGitRepository("shop");
    const [one, two] = [await repository.addWorktree("a"), await repository.addWorktree("b")];
    for (const cwd of [repository.path, one, two]) {
      expect([...(await worktreesOf(cwd))].sort()).toEqual([repository.path, one, two].sort());
    }
    expect((await worktreesOf(one))[0]).toBe(repository.path);
  });

  it("leaves out what was removed without telling git", async () => {
    const repository = await temporaryGitRepository("shop");
    const gone = await repository.addWorktree("gone");
    rmSync(gone, { recursive: true });
    expect(await worktreesOf(repository.path)).toEqual([repository.path]);
  });

  it("has no main worktree when the repository is bare", async () => {
    const { path, parent } = await temporaryGitRepository("shop");
    git(parent, "clone", "--quiet", "--bare", path, "bare.git");
    git(join(parent, "bare.git"), "worktree", "add", "--quiet", join(parent, "wt"), "-b", "wt");
    expect(await worktreesOf(join(parent, "wt"))).toEqual([join(parent, "wt")]);
  });

  it("understands git's relative links", async () => {
    const repository = await temporaryGitRepository("shop");
    const worktree = await repository.addWorktree("agent-1");
    writeFileSync(
      join(repository.path, ".git", "worktrees", "agent-1", "gitdir"),
      "../../../../agent-1/.git\n",
    );
    writeFileSync(join(worktree, ".git"), "gitdir: ../shop/.git/worktrees/agent-1\n");
    expect(await worktreesOf(worktree)).toEqual([repository.path, worktree]);
    expect((await repositoryOf(worktree)).name).toBe("shop");
  });

  it("is the working directory alone where there is no git", async () => {
    const { path } = await temporaryDirectory();
    expect(await worktreesOf(path)).toEqual([path]);
  });
});
