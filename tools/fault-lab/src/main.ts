/**
 * Runs the rows of the fault matrix and says what was lost.
 *   node dist/main.js [--quick|--full] [--row ID…] [--only core|processes] [--seed N] [--json] [--write-docs FILE]
 *     [--directory DIR]
 *   node dist/main.js --from FILE… [--write-docs FILE]
 * One line of JSON per result on stdout, then a table; progress on stderr. Exits with 1 when a row fails its bar. In quick
 * mode the rows that run in one process have one of their own, beside those with processes. With `--from` nothing is run:
 * the table is made of the lines that earlier runs printed.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { mkdtemp, readFile } from "node:fs/promises";
import { release, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { coreRows } from "./core/core-rows.js";
import { processRows } from "./process-rows.js";
import { jsonLine, resultOf } from "./report/json-line.js";
import { table } from "./report/table.js";
import { writeTable } from "./report/write-docs.js";
import { rows } from "./rows.js";
import { type Part, parseRequest, type Request } from "./run/arguments.js";
import { runRow, type TimedResult } from "./run/run-row.js";
import { verdictOf } from "./run/verdict.js";

const log = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

const request = parseRequest(process.argv.slice(2));
const results = request.from.length > 0 ? await earlierResults(request.from) : await runAll(request);
const seeds = [...new Set(results.map(({ result }) => result.seed))].join(", ");
const mode = request.from.length > 0 ? "" : `${request.mode} run, `;
const printed = `${mode}seed ${seeds}, Node ${process.version}, Linux ${release()}\n\n${table(results)}`;
if (!request.json) process.stdout.write(`\n${printed}\n`);
if (request.writeDocs !== undefined) await writeTable(request.writeDocs, printed);
if (results.some(({ result }) => verdictOf(result) === "failed")) process.exitCode = 1;

/** Everything that was asked for; in quick mode by two processes at a time. */
async function runAll(request: Request): Promise<TimedResult[]> {
  const { mode, rows: ids, only } = request;
  if (mode === "full" || ids.length > 0 || only !== undefined) return run(request);
  const found = await Promise.all([runElsewhere(request, "core"), run({ ...request, only: "processes" })]);
  return inOrder(found.flat());
}

async function runElsewhere({ mode, seed, directory }: Request, only: Part): Promise<TimedResult[]> {
  const options = [`--${mode}`, "--only", only, "--seed", String(seed), "--json"];
  if (directory !== undefined) options.push("--directory", directory);
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), ...options], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const end = (): boolean => child.kill();
  process.once("exit", end);
  const ended = once(child, "close");
  const found: TimedResult[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    process.stdout.write(`${line}\n`);
    found.push(resultOf(line));
  }
  const [code] = (await ended) as [number | null];
  process.off("exit", end);
  // 1 says that a row failed its bar, as its result does.
  if (code !== 0 && code !== 1) throw new Error(`the rows that run in one process ended with ${code}`);
  return found;
}

async function run({
  mode,
  seed,
  rows: ids,
  only,
  directory: parent = tmpdir(),
}: Request): Promise<TimedResult[]> {
  const unknown = ids.filter((id) => !rows.some((row) => row.id === id));
  if (unknown.length > 0) {
    throw new RangeError(`no row ${unknown.join(", ")}; there are ${rows.map(({ id }) => id).join(", ")}`);
  }
  const among = only === undefined ? rows : only === "core" ? coreRows : processRows;
  const chosen = among.filter(({ id, modes }) => (ids.length > 0 ? ids.includes(id) : modes.includes(mode)));
  const directory = await mkdtemp(join(parent, "prodigy-events-faults-"));
  process.once("exit", () => rmSync(directory, { recursive: true, force: true }));
  // Whoever is interrupted leaves nothing behind, mounts included: they listen for the end, too.
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));
  const found: TimedResult[] = [];
  for (const row of chosen) {
    log(`row ${row.id}: ${row.title}`);
    for (const timed of await runRow(row, { mode, seed, directory, log })) {
      found.push(timed);
      process.stdout.write(`${jsonLine(timed)}\n`);
      for (const failure of timed.result.failures) log(`  ${failure}`);
      if (timed.result.skipped !== undefined) log(`  skipped: ${timed.result.skipped}`);
    }
  }
  return found;
}

/** In the order of the matrix, whatever the order of the runs; of a result that is there twice, the last. */
async function earlierResults(paths: readonly string[]): Promise<TimedResult[]> {
  const latest = new Map<string, TimedResult>();
  for (const path of paths) {
    for (const line of (await readFile(path, "utf8")).split("\n")) {
      if (!line.startsWith("{")) continue;
      const timed = resultOf(line);
      latest.set(timed.result.row, timed);
    }
  }
  return inOrder([...latest.values()]);
}

function inOrder(found: readonly TimedResult[]): TimedResult[] {
  const orderOf = ({ result }: TimedResult): number => Number.parseInt(result.row, 10);
  return found.toSorted((a, b) => orderOf(a) - orderOf(b));
}
