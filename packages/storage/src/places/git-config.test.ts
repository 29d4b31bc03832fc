import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { temporaryDirectory } from "@prodigy-events/test-kit";
import { describe, expect, it } from "vitest";
import { coreSetting } from "./git-config.js";

const configs: [string, string][] = [
  ["a plain value", "[core]\n\tbare = false\n\tworktree = ../../../sub\n"],
  ["no such key", "[core]\n\tbare = false\n"],
  ["another section", "[submodule]\n\tworktree = a\n[core]\n\tbare = true\n"],
  ["a subsection of the same name", '[core "x"]\n\tworktree = a\n'],
  ["the last of two", "[core]\nworktree = a\n[user]\nname = x\n[core]\nworktree = b\n"],
  ["any case", "[CORE]\n\tWorkTree = a\n"],
  ["quotes with spaces", '[core]\n\tworktree = "  a b  "  \n'],
  ["spaces within", "[core]\n\tworktree =   a b   \n"],
  ["escapes", '[core]\n\tworktree = "a\\\\b\\"c\\td"\n'],
  ["comments", "[core] # one\n; two\n\tworktree = a ; three\n"],
  ["a comment sign in quotes", '[core]\n\tworktree = "a#b;c"\n'],
  ["a continued line", "[core]\n\tworktree = a\\\nb\n"],
  ["a value on the section's line", "[core] worktree = a\n"],
];

describe("coreSetting", () => {
  it.each(configs)("agrees with git about %s", async (_kind, config) => {
    const path = (await temporaryDirectory()).join("config");
    writeFileSync(path, config);
    expect(coreSetting(config, "worktree")).toBe(askGit(path));
  });
});

function askGit(path: string): string | undefined {
  try {
    const output = execFileSync("git", ["config", "--file", path, "--null", "core.worktree"], {
      encoding: "utf8",
    });
    return output.replace(/\0$/, "");
  } catch (error) {
    if ((error as { status?: number }).status === 1) return undefined; // no such key
    throw error;
  }
}
