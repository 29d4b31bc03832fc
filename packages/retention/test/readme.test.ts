import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { recordLine } from "./support/lines.js";
import { TestStore } from "./support/test-store.js";

const packageDirectory = fileURLToPath(new URL("..", import.meta.url));
const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
const sourceOf = (path: string) => readFileSync(new URL(`../src/${path}`, import.meta.url), "utf8");

it("has an example in the README that runs as it stands", async () => {
  const store = await TestStore.create();
  const dayMs = 86_400_000;
  const line = (days: number) => recordLine({ at: Date.now() - days * dayMs, id: `${days}-days` });
  const directory = `${store.root}/events/my-repo/job-1`;
  await store.file(`${directory}/events-A.jsonl`, {
    form: "rotated",
    content: line(40) + line(31) + line(1),
  });
  const example = /```js\n(.*?)```/s.exec(readme)?.[1] ?? "";
  const output = execFileSync(process.execPath, ["--input-type=module", "--eval", example], {
    cwd: packageDirectory,
    env: { ...process.env, PRODIGY_HOME: store.root },
    encoding: "utf8",
  });
  expect(output).toBe(
    `rewrite 2 records ${directory}/events-A.jsonl.rotated\n` +
      "archived 2 records, complete: true\nrestored 2 records\n",
  );
});

it.each([
  ["error codes", "errors.ts", /\| "([A-Z_]+)"/g, 10],
  ["reasons to keep a segment", "plan/retention-plan.ts", /\| "([a-z-]+)"/g, 6],
  ["reasons that protect a segment", "inventory/inventory.ts", /\| "([a-z-]+)"/g, 7],
])("names all %s in the README", (_, path, pattern, atLeast) => {
  const names = [...sourceOf(path).matchAll(pattern)].map(([, name]) => name as string);
  expect(names.length).toBeGreaterThanOrEqual(atLeast);
  expect(
    names.filter(
      (name) => name !== "rewrite" && name !== "remove" && name !== "keep" && !readme.includes(`\`${name}\``),
    ),
  ).toEqual([]);
});
