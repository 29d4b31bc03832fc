import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { temporaryDirectory, temporaryGitRepository } from "@prodigy-events/test-kit";
import { describe, expect, it } from "vitest";
import { findLocalFiles } from "./local-files.js";

function localFile(top: string, name = "mapreduce_events.jsonl"): string {
  const path = join(top, ".prodigy", "events", name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, "");
  return path;
}

describe("findLocalFiles", () => {
  it("finds the nearest one upward and none above it", async () => {
    const { path, join: inDirectory } = await temporaryDirectory();
    localFile(path);
    const nearest = localFile(inDirectory("a"));
    mkdirSync(inDirectory("a", "b", "c"), { recursive: true });
    expect(await findLocalFiles(inDirectory("a", "b", "c"))).toEqual([nearest]);
  });

  it("finds those of the other worktrees, each once", async () => {
    const repository = await temporaryGitRepository();
    const worktree = await repository.addWorktree("agent-1");
    const [main, linked] = [localFile(repository.path), localFile(worktree)];
    expect(await findLocalFiles(worktree)).toEqual([linked, main]);
    expect(await findLocalFiles(repository.path)).toEqual([main, linked]);
  });

  it("finds the parts that were set aside, in one state each, and nothing else", async () => {
    const { path } = await temporaryDirectory();
    const current = localFile(path);
    const aside = localFile(path, "mapreduce_events-20260101_120000_000.jsonl.rotated");
    localFile(path, "mapreduce_events-20260101_120000_000.jsonl.rotated.gz");
    localFile(path, "other.jsonl");
    localFile(path, "events-shared.jsonl");
    expect(await findLocalFiles(path)).toEqual([aside, current]);
  });

  it("finds nothing where nothing is", async () => {
    expect(await findLocalFiles((await temporaryDirectory()).path)).toEqual([]);
  });

  it("passes a directory that cannot be read", async () => {
    const { path, join: inDirectory } = await temporaryDirectory();
    const above = localFile(path);
    mkdirSync(inDirectory("a", ".prodigy"), { recursive: true });
    writeFileSync(inDirectory("a", ".prodigy", "events"), "not a directory");
    expect(await findLocalFiles(inDirectory("a"))).toEqual([above]);
  });
});
