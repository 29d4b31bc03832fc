import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { temporaryDirectory } from "@prodigy-events/test-kit";
import { expect, it } from "vitest";

const main = fileURLToPath(new URL("../dist/main.js", import.meta.url));
const run = promisify(execFile);

it("measures a row, finds the answers right, and writes what it printed between the markers", async () => {
  const { path } = await temporaryDirectory();
  const docs = join(path, "benchmarks.md");
  await writeFile(docs, "before\n<!-- bench: begin -->\nold\n<!-- bench: end -->\nafter\n");
  const options = ["--scale", "tiny", "--no-install", "--rows", "stats-scan,log-call", "--docs-file", docs];
  const { stdout } = await run(process.execPath, [main, ...options, "--data", join(path, "data")]);

  const row = stdout.split("\n").find((line) => line.startsWith("| **prodigy-events stats --no-index**"));
  expect(row).toMatch(/\| right \|$/);
  expect(stdout).not.toContain("WRONG");
  expect(stdout).toContain("| log() of ours, redact: false, p99 |");
  const text = await readFile(docs, "utf8");
  expect(text).toMatch(/^before\n<!-- bench: begin -->\n\n/);
  expect(text).toMatch(/\n\n<!-- bench: end -->\nafter\n$/);
  expect(text).toContain(row);
  expect(text).not.toContain("\nold\n");
}, 60_000);

it("measures stores of the sizes that are asked for, and says that the limits are for others", async () => {
  const { path } = await temporaryDirectory();
  const options = [
    "--scale",
    "tiny",
    "--no-install",
    "--rows",
    "search",
    "--sizes",
    "0.5,0.5",
    "--data",
    path,
  ];
  const { stdout } = await run(process.execPath, [main, ...options]);
  expect(stdout).toContain("in 0.5 MiB");
  expect(stdout).toContain("The limits are those for 512 and 2048 MiB");
  expect(stdout).not.toContain("WRONG");
}, 60_000);

it.each(["64", "64,0", "64,large", "1,2,3"])("says what --sizes takes when given %s", async (sizes) => {
  await expect(run(process.execPath, [main, "--sizes", sizes, "--no-install"])).rejects.toThrow(
    /give two sizes in MiB, such as 64,2048/,
  );
});

it("names the rows there are when one is asked for that is not", async () => {
  await expect(run(process.execPath, [main, "--rows", "speed", "--no-install"])).rejects.toThrow(
    /no row speed; there are/,
  );
});
