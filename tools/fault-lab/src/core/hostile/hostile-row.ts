import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Row, RowContext, RowResult } from "../../row.js";
import { Failures } from "../failures.js";
import { inParallel } from "../in-parallel.js";
import { hostileFiles, hostilePatterns, writeHaystack } from "./hostile-files.js";
import { askInProcess, type HostileQuestion } from "./reader-process.js";

/** The 2 s of the deadline of patterns, and as much again; of the processor, so that a busy machine changes nothing. */
const maxCpuMs = 4_000;
/** A process that does not end by itself is ended. */
const killMs = 30_000;
const maxRssBytes = 256 * 1024 * 1024;

interface Case {
  readonly name: string;
  readonly expected: RegExp;
  readonly question: HostileQuestion;
  prepare(): Promise<unknown>;
  readonly leftovers: readonly string[];
}

async function run({ directory, log }: RowContext): Promise<RowResult> {
  const failures = new Failures();
  const figures = { slowestMs: 0, mostCpuMs: 0, maxRssMiB: 0 };
  const cases = [...(await patternCases(directory)), ...fileCases(directory)];
  await inParallel(
    cases,
    async ({ name, expected, question, prepare, leftovers }) => {
      await prepare();
      try {
        const answer = await askInProcess(question, killMs);
        const rssMiB = Math.round(answer.maxRssBytes / 1024 / 1024);
        log(`row 20: ${name}: ${answer.outcome}, ${Math.round(answer.ms)} ms, ${rssMiB} MiB`);
        figures.slowestMs = Math.max(figures.slowestMs, Math.round(answer.ms));
        figures.maxRssMiB = Math.max(figures.maxRssMiB, rssMiB);
        if (!expected.test(answer.outcome))
          failures.add(`${answer.outcome} instead of ${expected} [${name}]`);
        figures.mostCpuMs = Math.max(figures.mostCpuMs, Math.round(answer.cpuMs));
        if (answer.cpuMs > maxCpuMs)
          failures.add(`${Math.round(answer.cpuMs)} ms of the processor [${name}]`);
        if (answer.maxRssBytes > maxRssBytes) failures.add(`${rssMiB} MiB of memory [${name}]`);
      } catch (error) {
        failures.add(`${String(error)} [${name}]`);
      }
      for (const path of leftovers) await rm(path, { force: true });
    },
    2,
  );
  return { row: "20", n: cases.length, lost: 0, dup: 0, failures: failures.lines, figures };
}

async function patternCases(directory: string): Promise<Case[]> {
  const file = await writeHaystack(directory);
  return hostilePatterns.map(({ pattern, expected }, index) => {
    const patternFile = join(directory, `pattern-${index}`);
    return {
      name: `pattern ${pattern.length > 40 ? `of ${pattern.length} characters` : pattern}`,
      ...{ expected, question: { file, patternFile }, leftovers: [patternFile] },
      prepare: () => writeFile(patternFile, pattern),
    };
  });
}

function fileCases(directory: string): Case[] {
  return hostileFiles.map(({ name, expected, groupBy = [], write }) => {
    const file = join(directory, name);
    return { name, expected, question: { file, groupBy }, leftovers: [file], prepare: () => write(file) };
  });
}

/** Row 20: input that wants to exhaust its reader. */
export const hostileRow: Row = {
  id: "20",
  title: "regular expressions without end, decompression bombs, deep nesting, many keys",
  modes: ["quick", "full"],
  run,
};
