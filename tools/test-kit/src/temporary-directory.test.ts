import { execFileSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TemporaryDirectory, temporaryDirectory } from "./temporary-directory.js";

describe("inside a test", () => {
  let path = "";

  it("is an empty directory", async () => {
    const directory = await temporaryDirectory();
    path = directory.path;
    writeFileSync(directory.join("file"), "");
    expect(existsSync(directory.join("file"))).toBe(true);
  });

  it("is gone when the next test runs", () => {
    expect(path).not.toBe("");
    expect(existsSync(path)).toBe(false);
  });
});

it("is removed by cleanup, which may be called again", async () => {
  const directory = await temporaryDirectory();
  await directory.cleanup();
  expect(existsSync(directory.path)).toBe(false);
  await directory.cleanup();
});

it("is removed by await using", async () => {
  let path: string;
  {
    await using directory = await temporaryDirectory();
    path = directory.path;
    expect(existsSync(path)).toBe(true);
  }
  expect(existsSync(path)).toBe(false);
});

it.each([
  ["by the environment of a test", { ...process.env, VITEST: "true" }],
  ["with no such environment", { ...process.env, VITEST: undefined }],
])("is removed when a plain program ends, started %s", (_kind, env) => {
  const source = `import { temporaryDirectory } from ${JSON.stringify(new URL("../dist/index.js", import.meta.url))};
    process.stdout.write((await temporaryDirectory()).path);`;
  const path = execFileSync(process.execPath, ["--input-type=module", "-e", source], {
    env,
    encoding: "utf8",
  });
  expect(path).toContain("prodigy-events-");
  expect(existsSync(path)).toBe(false);
});

describe("made before all tests of a suite", () => {
  let directory: TemporaryDirectory;

  beforeAll(async () => {
    directory = await temporaryDirectory();
  });

  it.each(["first", "second"])("is still there in the %s test", () => {
    expect(existsSync(directory.path)).toBe(true);
  });

  afterAll(() => directory.cleanup());
});
