/**
 * Measures ours beside what one would use instead, prints tables, and says whether what must hold does.
 *   node bench/dist/main.js [--scale full|quick|tiny] [--sizes MAIN,LARGE] [--rows ID,…] [--runs N] [--data DIR] [--write-docs]
 *     [--docs-file FILE] [--no-install]
 * Tables go to stdout, progress to stderr. `--data` keeps the generated stores for later runs. Exits with 1 when a
 * contender failed or gave another answer than expected; a bar that is not met is said, and no failure.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseBenchArguments } from "./arguments.js";
import { measureQuestion } from "./measure/measure-question.js";
import { machineText } from "./report/machine.js";
import { questionTable } from "./report/question-table.js";
import { type Measured, verdictTable } from "./report/verdicts.js";
import { openDocs } from "./report/write-docs.js";
import { fullScale } from "./rows/bench.js";
import { rows } from "./rows/rows.js";
import { DataSets } from "./store/data-sets.js";
import { findTools } from "./tools/tools.js";

const { scale, runs, rows: ids, data, writeDocs, install } = parseBenchArguments(process.argv.slice(2));
const unknown = ids.filter((id) => !rows.some((row) => row.id === id));
if (unknown.length > 0) {
  throw new RangeError(`no row ${unknown.join(", ")}; there are ${rows.map(({ id }) => id).join(", ")}`);
}
const docsPath =
  writeDocs === true ? fileURLToPath(new URL("../../docs/benchmarks.md", import.meta.url)) : writeDocs;
const docs = docsPath === false ? undefined : openDocs(docsPath);

const started = performance.now();
const log = (text: string): void => {
  process.stderr.write(`${((performance.now() - started) / 1000).toFixed(0).padStart(5)} s  ${text}\n`);
};
const scratch = mkdtempSync(join(tmpdir(), "prodigy-events-bench-"));
process.once("exit", () => rmSync(scratch, { recursive: true, force: true }));
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));

const print = (text: string): string => {
  process.stdout.write(`${text}\n\n`);
  return text;
};

const tools = findTools(install, log);
const dataDirectory = data === undefined ? join(scratch, "data") : resolve(data);
const workFolder = join(scratch, "work");
for (const directory of [dataDirectory, workFolder]) mkdirSync(directory, { recursive: true });
const bench = {
  scale,
  tools,
  data: new DataSets(dataDirectory, tools.own("generate"), tools, log),
  workFolder,
};

if (ids.length === 0) log("all rows: about 12 minutes at full scale, 2 at --scale quick, on two processors");
const about = print(
  `${machineText(tools)}\n\nMedians of as many rounds as stand beside each, the page cache warm. Multiples above 1 are slower than ours.`,
);
const measured: Measured[] = [];
const tables: string[] = [];
for (const row of ids.length === 0 ? rows : rows.filter(({ id }) => ids.includes(id))) {
  log(`row ${row.id}`);
  try {
    for (const question of await row.questions(bench)) {
      const outcomes = await measureQuestion(question, { runs, workFolder, log });
      measured.push({ rowId: row.id, question, outcomes });
      tables.push(print(questionTable(question, outcomes)));
    }
  } catch (error) {
    // The other rows are still worth their time.
    process.exitCode = 1;
    const reason = error instanceof Error ? error.message : String(error);
    tables.push(print(`**${row.id}** could not be measured: ${reason}`));
  }
}
const isFull = scale.mainMib === fullScale.mainMib && scale.largeMib === fullScale.largeMib;
const caveat = `\n\nThe limits are those for ${fullScale.mainMib} and ${fullScale.largeMib} MiB: over less, start-up weighs more.`;
const verdicts = print(verdictTable(measured) + (isFull ? "" : caveat));
// On a terminal the verdicts are what is seen last; on a page, first.
docs?.([about, verdicts, ...tables].join("\n\n"));
const outcomes = measured.flatMap((one) => [...one.outcomes.values()]);
if (outcomes.some(({ failure, isRight }) => failure !== undefined || isRight === false)) process.exitCode = 1;
log("done");
