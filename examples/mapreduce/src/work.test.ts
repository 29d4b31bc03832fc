import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CheckFailed, checkItem, countItem } from "./work.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "work-"));
});
afterEach(() => rm(folder, { recursive: true }));

async function file(name: string, content: string): Promise<string> {
  await writeFile(join(folder, name), content);
  return join(folder, name);
}

it.each([
  ["", { bytes: 0, lines: 0, words: 0 }],
  ["one", { bytes: 3, lines: 1, words: 1 }],
  ["one two\nthree\n", { bytes: 14, lines: 2, words: 3 }],
  ["ä\n\n", { bytes: 4, lines: 2, words: 1 }],
])("counts %j", async (content, counts) => {
  expect(countItem(await file("x.ts", content))).toMatchObject(counts);
});

describe("checking an item", () => {
  const notes: object[] = [];
  const note = (entry: object) => notes.push(entry);

  it.each([
    ["data.json", "{}"],
    ["parses.mjs", "throw new Error('parsed, not run');"],
    ["runs.check.mjs", "process.exit(0);"],
    ["imports.ts", 'import { a } from "./data.js";\n'],
  ])("passes %s", async (name, content) => {
    await file("data.ts", "export const a = 1;\n");
    await expect(checkItem(await file(name, content), note)).resolves.not.toBe("");
  });

  it.each([
    ["data.json", "{", 1],
    ["broken.mjs", "{", 1],
    ["runs.check.mjs", "process.exit(7);", 7],
    ["imports.ts", 'import { a } from "./nowhere.js";', 1],
  ])("fails %s that contains %s, with exit code %i", async (name, content, exitCode) => {
    const failure = await checkItem(await file(name, content), note).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(CheckFailed);
    expect(failure).toMatchObject({ exitCode });
  });

  it("takes down what the checker said", async () => {
    await checkItem(await file("broken.mjs", "const = 1;"), note).catch(() => undefined);
    expect(notes.at(-1)).toMatchObject({ exit_code: 1, stderr: expect.stringContaining("SyntaxError") });
  });
});
