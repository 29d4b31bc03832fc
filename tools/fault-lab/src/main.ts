/**
 * Runs the rows of the fault matrix and says what was lost.
 *   node dist/main.js [--quick|--full] [--row ID…] [--seed N] [--json] [--write-docs FILE] [--directory DIR]
 * One line of JSON per result on stdout, then a table; progress on stderr. Exits with 1 when a row fails its bar.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { release, tmpdir } from "node:os";
import { join } from "node:path";
import { jsonLine } from "./report/json-line.js";
import { table } from "./report/table.js";
import { writeTable } from "./report/write-docs.js";
import { rows } from "./rows.js";
import { parseRequest } from "./run/arguments.js";
import { runRow, type TimedResult } from "./run/run-row.js";
import { verdictOf } from "./run/verdict.js";

const request = parseRequest(process.argv.slice(2));
const { mode, seed } = request;
const chosen = rows.filter(({ id, modes }) =>
  request.rows.length > 0 ? request.rows.includes(id) : modes.includes(mode),
);
const unknown = request.rows.filter((id) => !rows.some((row) => row.id === id));
if (unknown.length > 0)
  throw new RangeError(`no row ${unknown.join(", ")}; there are ${rows.map(({ id }) => id).join(", ")}`);

const directory = await mkdtemp(join(request.directory ?? tmpdir(), "prodigy-events-faults-"));
const log = (text: string): void => {
  process.stderr.write(`${text}\n`);
};
const results: TimedResult[] = [];
try {
  for (const row of chosen) {
    log(`row ${row.id}: ${row.title}`);
    for (const timed of await runRow(row, { mode, seed, directory, log })) {
      results.push(timed);
      process.stdout.write(`${jsonLine(timed)}\n`);
      for (const failure of timed.result.failures) log(`  ${failure}`);
      if (timed.result.skipped !== undefined) log(`  skipped: ${timed.result.skipped}`);
    }
  }
} finally {
  await rm(directory, { recursive: true, force: true });
}

const heading = `${mode} run, seed ${seed}, Node ${process.version}, Linux ${release()}`;
const printed = `${heading}\n\n${table(results)}`;
if (!request.json) process.stdout.write(`\n${printed}\n`);
if (request.writeDocs !== undefined) await writeTable(request.writeDocs, printed);
if (results.some(({ result }) => verdictOf(result) === "failed")) process.exitCode = 1;
