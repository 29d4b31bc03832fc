import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { beforeAll, describe, expect, it } from "vitest";

/*
 * Compiles and runs every example of the README against the built package. A line `expression; // => value` is made
 * an assertion.
 */

const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
const directory = fileURLToPath(new URL("../reports/readme/", import.meta.url));
const examples = [...readme.matchAll(/```ts\n(.*?)```/gs)].map(([, code = ""], index) => ({
  file: `${directory}example-${index + 1}.ts`,
  code: `import assert from "node:assert/strict";\n${code.replace(/^(.*); \/\/ => (.*)$/gm, "assert.deepEqual($1, $2);")}`,
}));

describe("the README", () => {
  beforeAll(async () => {
    await rm(directory, { recursive: true, force: true });
    await mkdir(directory, { recursive: true });
    for (const { file, code } of examples) await writeFile(file, code);
  });

  it("has examples that compile and do what it says they do", { timeout: 120_000 }, async () => {
    expect(examples.length).toBeGreaterThan(5);
    expect(compile(examples.map((example) => example.file))).toEqual([]);
    for (const { file } of examples) await import(file.replace(/ts$/, "js"));
  });

  it("asserts something in each example", () => {
    for (const { code } of examples) expect(code).toContain("assert.deepEqual(");
  });
});

function compile(files: string[]): string[] {
  const program = ts.createProgram(files, {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: true,
    types: ["node"],
  });
  const { diagnostics } = program.emit();
  return [...ts.getPreEmitDiagnostics(program), ...diagnostics].map((diagnostic) =>
    ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n"),
  );
}
