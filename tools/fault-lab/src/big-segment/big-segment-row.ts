import { open } from "node:fs/promises";
import { join } from "node:path";
import { lineOf } from "../core/test-records.js";
import { programPath } from "../process/program-path.js";
import { runCommand } from "../process/run-command.js";
import type { ReaderOrder, ReaderQuestion, ReaderReport } from "../programs/reader-order.js";
import type { Mode, Row } from "../row.js";

const sizes: Record<Mode, number> = { quick: 100_000_000, full: 1_000_000_000 };

/** What V8 may take for objects, in MiB, and what the whole process may have. */
const heapMiB = 128;
const maxRssBytes = 256 * 1024 * 1024;

/** Records whose lines are made once and then written again and again. */
const distinctRecords = 100_000;
const text = "some words that an agent had to say, ".repeat(4);

/** How many records with a number that ends in 7 are among the first `count`. */
const foundBySearch = (count: number): number => Math.floor((count + 2) / 10);

const questions: readonly ReaderQuestion[] = ["all", "stats", "search"];

/** Matrix row 19, its other half. */
export const bigSegmentRow: Row = {
  id: "19",
  title: "questions of a big segment with a small heap",
  modes: ["quick", "full"],
  run: async ({ directory, mode, log }) => {
    const file = join(directory, "big.jsonl");
    const records = await writeBigSegment(file, sizes[mode]);
    const failures: string[] = [];
    const figures: Record<string, number> = { records };
    for (const question of questions) {
      const order: ReaderOrder = { file, question };
      const command = [`--max-old-space-size=${heapMiB}`, programPath("reader.js"), JSON.stringify(order)];
      const printed = await runCommand(process.execPath, ...command);
      const report = JSON.parse(printed) as ReaderReport;
      const expected =
        question === "search" ? foundBySearch(distinctRecords) * (records / distinctRecords) : records;
      if (report.records !== expected || report.malformed > 0) {
        failures.push(`${question}: ${report.records} records of ${expected}, ${report.malformed} malformed`);
      }
      const rssMB = Math.round(report.maxRssBytes / 1e6);
      if (report.maxRssBytes > maxRssBytes) failures.push(`${question}: ${rssMB} MB of memory`);
      figures[`${question}RssMB`] = rssMB;
      log(`${question}: ${report.records} records, ${rssMB} MB`);
    }
    const title = `19 a segment of ${sizes[mode] / 1e6} MB, heap of ${heapMiB} MiB`;
    return { row: title, n: questions.length, lost: 0, dup: 0, failures, figures };
  },
};

/** Writes whole rounds of the same records until the file has its size; returns how many records are in it. */
async function writeBigSegment(path: string, bytes: number): Promise<number> {
  const lines = Array.from({ length: distinctRecords }, (_, number) => lineOf("big0000001", number, text));
  const round = Buffer.from(lines.join(""));
  const file = await open(path, "wx");
  try {
    let records = 0;
    for (let size = 0; size < bytes; size += round.length) {
      await file.writeFile(round);
      records += lines.length;
    }
    return records;
  } finally {
    await file.close();
  }
}
