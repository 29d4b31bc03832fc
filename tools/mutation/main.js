#!/usr/bin/env node
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { scoreOf, survivorsOf, tableOf } from "./report.js";

const directories = new Map(
  [
    "packages/writer",
    "packages/storage",
    "packages/retention",
    "packages/schema",
    "packages/query",
    "apps/cli",
  ].map((directory) => [directory.split("/")[1], directory]),
);
/** In per cent; what writes and what removes has a higher one. */
const leastScore = 85;
const leastScores = new Map([
  ["writer", 90],
  ["retention", 90],
]);

const memory = "/dev/shm";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    concurrency: { type: "string" },
    full: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    report: { type: "boolean", default: false },
    survivors: { type: "boolean", default: false },
    "write-docs": { type: "string" },
  },
});
const chosen = positionals.length > 0 ? positionals : [...directories.keys()];
const unknown = chosen.filter((name) => !directories.has(name));
if (unknown.length > 0)
  fail(`no such package: ${unknown.join(", ")}; there are ${[...directories.keys()].join(", ")}`);

const reports = chosen.map((name) => {
  const directory = fileURLToPath(new URL(`../../${directories.get(name)}`, import.meta.url));
  if (!values.report) mutate(name, directory);
  return {
    name,
    directory: directories.get(name),
    files: JSON.parse(readFileSync(join(directory, "reports/mutation/mutation.json"), "utf8")).files,
  };
});

if (values.survivors) process.stdout.write(reports.flatMap(survivorsOf).join("\n").concat("\n\n"));
const scores = reports.map(({ name, files }) => ({
  package: name,
  least: leastScores.get(name) ?? leastScore,
  ...scoreOf(Object.values(files)),
}));
const table = tableOf(reports);
if (values.json) for (const score of scores) process.stdout.write(`${JSON.stringify(score)}\n`);
else process.stdout.write(table);
if (values["write-docs"] !== undefined) putTable(values["write-docs"], table);
if (scores.some(({ score, least }) => score < least)) process.exitCode = 1;

/** Runs Stryker in the package; its progress goes to standard error. Tests write to memory, where nothing waits for a disk. */
function mutate(name, directory) {
  const manifest = createRequire(import.meta.url).resolve("@stryker-mutator/core/package.json");
  const stryker = join(dirname(manifest), "bin/stryker.js");
  const options = values.full ? ["--force"] : [];
  if (values.concurrency !== undefined) options.push("--concurrency", values.concurrency);
  const { status } = spawnSync(process.execPath, [stryker, "run", "stryker.config.js", ...options], {
    cwd: directory,
    env: existsSync(memory) ? { ...process.env, TMPDIR: memory } : process.env,
    stdio: ["ignore", 2, 2],
  });
  if (status !== 0) fail(`Stryker failed in ${directories.get(name)}`);
}

function putTable(path, table) {
  const [begin, end] = ["<!-- mutation table: begin -->", "<!-- mutation table: end -->"];
  const page = readFileSync(path, "utf8");
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from === -1 || to < from) fail(`${path} has no place between "${begin}" and "${end}"`);
  writeFileSync(path, `${page.slice(0, from + begin.length)}\n\n${table}\n${page.slice(to)}`);
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
