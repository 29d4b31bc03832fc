import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { temporaryDirectory } from "@prodigy-events/test-kit";
import { expect, it } from "vitest";
import * as storage from "../src/index.js";

const packageDirectory = fileURLToPath(new URL("..", import.meta.url));
const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");

it("has an example in the README that runs as it stands", async () => {
  const example = /```js\n(.*?)```/s.exec(readme)?.[1] ?? "";
  const env = { ...process.env, PRODIGY_HOME: (await temporaryDirectory()).path };
  const output = execFileSync(process.execPath, ["--input-type=module", "--eval", example], {
    cwd: packageDirectory,
    env,
    encoding: "utf8",
  });
  expect(output).toBe('0 {"event":{"event_type":"job_started"}}\n');
});

it("names nothing in the README that does not exist", () => {
  const table = readme.slice(readme.indexOf("## What is in it"), readme.indexOf("## What it promises"));
  const types = ["FileSystem", "Clock"];
  const names = [...table.matchAll(/`(\w+)`/g)]
    .map(([, name]) => name as string)
    .filter((name) => !types.includes(name));
  expect(names.length).toBeGreaterThan(40);
  expect(names.filter((name) => !(name in storage))).toEqual([]);
});

it("lists every error code in the README", () => {
  const source = readFileSync(new URL("../src/errors/storage-error.ts", import.meta.url), "utf8");
  const codes = [...source.matchAll(/\| "([A-Z_]+)"/g)].map(([, code]) => code as string);
  expect(codes.length).toBeGreaterThan(10);
  expect(codes.filter((code) => !readme.includes(`\`${code}\``))).toEqual([]);
});
