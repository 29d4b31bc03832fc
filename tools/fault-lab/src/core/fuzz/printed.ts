import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { encodeRecord } from "@prodigy-events/schema";
import { cliPath } from "../../process/program-path.js";
import type { Random } from "../random.js";
import { firstRecordMs } from "../test-records.js";
import { mutatedText } from "./mutate.js";

const run = promisify(execFile);

const recordsPerRun = 300;
const maxOutputBytes = 64 * 1024 * 1024;

/** What a terminal would obey, or hide; by Unicode category, with the marks of direction and of zero width. */
const unsafe = /[\p{Cc}\p{Cs}\u200b-\u200f\u2028-\u202e\u2066-\u2069\u061c\ufeff]/u;

/** What a spreadsheet takes for the beginning of a formula. */
const formula = /^[=+\-@\t\r\n\0＝＋－＠]/;

/**
 * Has the real program print records with such texts in their fields: as lines for people, which must not hold anything
 * that a terminal obeys, and as CSV, which must hold every text, and none that a spreadsheet would run.
 */
export async function printMutated(texts: readonly string[], random: Random): Promise<void> {
  const written = Array.from({ length: recordsPerRun }, () => mutatedText(texts, random));
  const directory = await mkdtemp(join(tmpdir(), "prodigy-events-fuzz-"));
  try {
    const file = join(directory, "events.jsonl");
    await writeFile(file, written.map(recordOf).join(""));
    const lines = await print("ls", "--file", file, "--color", "never");
    const shown = lines.split("\n").find((line) => unsafe.test(line));
    if (shown !== undefined) throw new Error(`printed raw: ${JSON.stringify(shown)}`);
    const cells = cellsOf(
      await print("export", "--file", file, "--format", "csv", "--fields", "event.error"),
    );
    for (const [index, text] of written.entries()) {
      const expected = Buffer.from(formula.test(text) ? `'${text}` : text).toString();
      if (cells[index + 1]?.join() !== expected) {
        throw new Error(`${JSON.stringify(text)} became ${JSON.stringify(cells[index + 1])} in CSV`);
      }
    }
  } finally {
    await rm(directory, { recursive: true });
  }
}

function recordOf(text: string, index: number): string {
  return encodeRecord({
    id: `r${index}`,
    timestamp: new Date(firstRecordMs + index).toISOString(),
    correlation_id: text,
    event: { event_type: "checkpoint_failed", job_id: text, error: text, [text]: text },
    metadata: {},
  });
}

async function print(...args: readonly string[]): Promise<string> {
  return (await run(process.execPath, [cliPath(), ...args], { maxBuffer: maxOutputBytes })).stdout;
}

/** RFC 4180, character by character. */
function cellsOf(csv: string): string[][] {
  const rows: string[][] = [[""]];
  let isQuoted = false;
  for (let at = 0; at < csv.length; at += 1) {
    const character = csv[at]!;
    const row = rows.at(-1)!;
    if (character === '"') {
      if (isQuoted && csv[at + 1] === '"') {
        row[row.length - 1] += '"';
        at += 1;
      } else isQuoted = !isQuoted;
    } else if (isQuoted) row[row.length - 1] += character;
    else if (character === ",") row.push("");
    else if (character === "\n") rows.push([""]);
    else if (character !== "\r") row[row.length - 1] += character;
  }
  return rows;
}
