import { cp, mkdir, readdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { git } from "./git.js";
import { commitAll } from "./worktree.js";

const packagesFolder = fileURLToPath(new URL("../../../packages", import.meta.url));

/** The item that the demo's operator repairs between the run and the reprocessing. */
export const brokenItem = "scripts/total.mjs";
const brokenScript =
  "const prices = [3, 4, 5;\nexport const total = prices.reduce((sum, price) => sum + price);\n";

/** What goes wrong in the demo, and goes wrong for real. */
const troubleMakers: Record<string, string> = {
  // Whoever checks a data file adds it to the one line of this index: two agents at once conflict.
  "DATA.md": "Data files: \n",
  "data/prices.json": '{ "apple": 3, "pear": 4 }\n',
  "data/stock.json": '{ "apple": 120, "pear": 0 }\n',
  // A syntax error: `node --check` exits with 1, however often it is tried.
  [brokenItem]: brokenScript,
  // A check that waits for something that never comes: its agent exceeds its time and is killed.
  "scripts/server.check.mjs": "await new Promise((resolve) => setTimeout(resolve, 600_000));\n",
};

/** Environment in which git reads neither the user's nor the machine's settings: templates, hooks, signatures … */
export const gitWithoutUserConfig = { GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" };

/** What the demo's job works on: the trouble makers first, so that they are in each other's way, then our sources. */
export const demoPathspecs = [
  "data",
  "scripts",
  ":(glob)*/index.ts",
  ":(glob)*/limits.ts",
  ":(glob)*/errors.ts",
];

/** Makes a repository of this project's own sources and of the files above. */
export async function createDemoRepository(path: string): Promise<void> {
  for (const name of await readdir(packagesFolder)) {
    await cp(join(packagesFolder, name, "src"), join(path, name), { recursive: true });
  }
  await createRepository(path, troubleMakers);
}

/** Writes files into a folder and commits everything in it to a new repository. */
export async function createRepository(path: string, files: Record<string, string>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(path, name)), { recursive: true });
    await writeFile(join(path, name), content);
  }
  // The settings are made in this repository only. With those of `gitWithoutUserConfig`, and for a git that is
  // too old to know it, they see to it that nothing but what is written here happens.
  await git(path, "init", "--quiet", "--template=");
  const settings = {
    "user.name": "Demo",
    "user.email": "demo@example.invalid",
    "commit.gpgSign": "false",
    "core.hooksPath": "/dev/null",
    "core.autocrlf": "false",
    "gc.auto": "0",
  };
  for (const [name, value] of Object.entries(settings)) await git(path, "config", name, value);
  await commitAll(path, "the files to work on");
}

/** The operator's fix, committed to the branch that people work on. */
export async function repairBrokenItem(path: string): Promise<void> {
  await writeFile(join(path, brokenItem), brokenScript.replace("5;", "5];"));
  await commitAll(path, `close the bracket in ${brokenItem}`);
}
