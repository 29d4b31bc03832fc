/**
 * Measures, and prints a table of medians and ratios of one run. Options: `--size-mb N` (default 200), `--runs N`
 * (default 3), `--events N` for the write rows (default 300000), `--keep` to leave the generated store.
 */
import { execFileSync } from "node:child_process";
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { cpus, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { generateStore } from "./generate-store.js";
import { type Run, runMeasured } from "./peak-memory.js";
import { type Contender, type Row, readRows } from "./rows.js";

const { values } = parseArgs({
  options: {
    "size-mb": { type: "string", default: "200" },
    runs: { type: "string", default: "3" },
    events: { type: "string", default: "300000" },
    keep: { type: "boolean", default: false },
  },
});
const runs = Number(values.runs);
const here = dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);
const programRoot = dirname(require.resolve("prodigy-events/package.json"));
const program = JSON.parse(readFileSync(join(programRoot, "package.json"), "utf8")).bin["prodigy-events"];

const folder = mkdtempSync(join(tmpdir(), "prodigy-events-bench-"));
const print = (line: string) => process.stdout.write(`${line}\n`);

function which(name: string): string | undefined {
  try {
    return execFileSync("which", [name], { encoding: "utf8" }).trim();
  } catch {
    // Not installed: the rows go without this tool.
    return undefined;
  }
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] as number;
}

async function measure(contender: Contender, env: NodeJS.ProcessEnv): Promise<{ run: Run; answer: string }> {
  const all: Run[] = [];
  for (let round = 0; round < runs; round += 1) {
    all.push(await runMeasured(contender.command, contender.args, join(folder, "stdout"), env));
  }
  const last = all.at(-1) as Run;
  const seconds = median(all.map((run) => run.seconds));
  const peakBytes = Math.max(...all.map((run) => run.peakBytes));
  return { run: { ...last, seconds, peakBytes }, answer: contender.answer(last.stdoutPath) };
}

/** Measures every contender of every row, and prints them as a table. Throws when two answer otherwise. */
async function printRows(
  title: string,
  rows: readonly Row[],
  bytes: number,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  print(`| question over ${title} | tool | seconds | MB/s | peak memory | time, as a multiple of ours |`);
  print("|---|---|---:|---:|---:|---:|");
  for (const row of rows) {
    let ours: { run: Run; answer: string } | undefined;
    for (const contender of row.contenders) {
      const result = await measure(contender, env);
      ours ??= result;
      if (result.answer !== "" && result.answer !== ours.answer) {
        throw new Error(
          `${row.title}: ${contender.name} answers otherwise\n${result.answer}\n${ours.answer}`,
        );
      }
      print(
        `| ${row.title} | ${contender.name} | ${result.run.seconds.toFixed(2)} | ` +
          `${(bytes / 1e6 / result.run.seconds).toFixed(0)} | ${(result.run.peakBytes / 1e6).toFixed(0)} MB | ` +
          `${(result.run.seconds / ours.run.seconds).toFixed(2)} |`,
      );
    }
  }
  print("");
}

try {
  const store = generateStore({
    root: join(folder, "store"),
    repo: "bench",
    jobId: "bench",
    bytes: Number(values["size-mb"]) * 1_000_000,
    producers: 4,
    maxSegmentBytes: 100_000_000,
    seed: 42,
  });
  const env = { ...process.env, PRODIGY_HOME: join(folder, "store"), NO_COLOR: "1" };
  print(
    `${(store.bytes / 1e6).toFixed(0)} MB, ${store.records} records, ${store.files.length} segments, 4 producers; ` +
      `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model.trim()}; median of ${runs} runs, warm cache\n`,
  );

  const programs = {
    node: process.execPath,
    prodigyEvents: join(programRoot, program),
    readlinePeer: join(here, "readline-peer.js"),
    jq: which("jq"),
    ripgrep: which("rg"),
  };
  await printRows("segments of 4 producers", readRows(programs, store.files), store.bytes, env);
  const foreign = join(folder, "foreign.jsonl");
  for (const file of store.files) appendFileSync(foreign, readFileSync(file));
  const sameInOneFile = "the same in one file that is not ours, one producer after the other";
  await printRows(sameInOneFile, readRows(programs, [foreign]), store.bytes, env);

  print("| writing | events | seconds | events/s |");
  print("|---|---:|---:|---:|");
  for (const way of ["logger-fsync", "logger-flush", "stream"]) {
    const seconds = median(
      Array.from({ length: runs }, () => {
        const directory = mkdtempSync(join(folder, `${way}-`));
        const text = execFileSync(
          process.execPath,
          [join(here, "write-peer.js"), way, values.events, directory],
          {
            encoding: "utf8",
          },
        );
        rmSync(directory, { recursive: true });
        return Number(text);
      }),
    );
    const events = Number(values.events);
    print(`| ${way} | ${events} | ${seconds.toFixed(2)} | ${Math.round(events / seconds)} |`);
  }
} finally {
  if (values.keep) print(`\nkept: ${folder}`);
  else rmSync(folder, { recursive: true, force: true });
}
