import { createWriteStream } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip, gzipSync } from "node:zlib";
import { lineOf } from "../test-records.js";

const MiB = 1024 * 1024;

/** A file that wants to exhaust its reader, and what is said of it. */
export interface HostileFile {
  readonly name: string;
  readonly groupBy?: readonly string[];
  readonly expected: RegExp;
  write(path: string): Promise<void>;
}

const record = (event: string): string =>
  `{"id":"1","timestamp":"2026-01-01T12:00:00.000Z","correlation_id":"","event":${event},"metadata":{}}\n`;

const text = (content: string) => (path: string) => writeFile(path, content);

/** So many MiB of the same, compressed as it is made. */
const bomb = (piece: Buffer, mib: number) => (path: string) => {
  const pieces = function* () {
    for (let written = 0; written < mib * MiB; written += piece.length) yield piece;
  };
  return pipeline(Readable.from(pieces()), createGzip(), createWriteStream(path));
};

/** Part D of the reliability page: D7, D8 and D12. */
export const hostileFiles: readonly HostileFile[] = [
  { name: "bomb-zeros.jsonl.gz", expected: /^0 records/, write: bomb(Buffer.alloc(MiB), 200) },
  { name: "bomb-lines.jsonl.gz", expected: /^0 records/, write: bomb(Buffer.alloc(MiB, "\n"), 200) },
  { name: "bomb-text.jsonl.gz", expected: /^0 records/, write: bomb(Buffer.alloc(MiB, "x"), 200) },
  {
    name: "gzip-in-gzip.jsonl.gz",
    expected: /^0 records/,
    write: (path) => writeFile(path, gzipSync(gzipSync(Buffer.alloc(10 * MiB)))),
  },
  {
    name: "deep-arrays.jsonl",
    expected: /^1 records, 1 malformed/,
    write: text(`${"[".repeat(8 * MiB)}\n${lineOf("good", 0)}`),
  },
  {
    name: "deep-objects.jsonl",
    expected: /^1 records, 1 malformed/,
    write: text(
      `${record(`{"event_type":"x","a":${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}}`)}${lineOf("good", 0)}`,
    ),
  },
  {
    name: "many-keys.jsonl",
    expected: /^2 records/,
    write: (path) => {
      const keys = Array.from({ length: 1_000_000 }, (_, index) => `"k${index}":0`);
      return writeFile(path, record(`{"event_type":"x",${keys.join(",")}}`) + lineOf("good", 0));
    },
  },
  {
    name: "long-line.jsonl",
    expected: /^1 records, 1 malformed/,
    write: text(`${record(`{"event_type":"x","a":"${"a".repeat(40 * MiB)}"}`)}${lineOf("good", 0)}`),
  },
  {
    name: "many-jobs.jsonl",
    groupBy: ["job_id"],
    expected: /^200000 records/,
    write: (path) => {
      const lines = Array.from({ length: 200_000 }, (_, index) =>
        record(`{"event_type":"x","job_id":"job-${index}"}`),
      );
      return writeFile(path, lines.join(""));
    },
  },
  {
    name: "prototype.jsonl",
    groupBy: ["__proto__", "event.constructor"],
    expected: /^2 records/,
    write: text(
      record('{"event_type":"x","__proto__":{"polluted":1},"constructor":"y"}') + lineOf("good", 0),
    ),
  },
];

/** D6: patterns that take for ever, or are none. */
export const hostilePatterns: readonly { readonly pattern: string; readonly expected: RegExp }[] = [
  { pattern: "^(a+)+$", expected: /PATTERN_TIMEOUT/ },
  { pattern: "(.*a){25}b", expected: /PATTERN_TIMEOUT|0 found/ },
  { pattern: "^(a+)+\\1$", expected: /PATTERN_TIMEOUT/ },
  { pattern: "(?<!x)(a+)+$", expected: /PATTERN_TIMEOUT/ },
  { pattern: "(((a{1,1000}){1,1000}){1,1000})", expected: /PATTERN_TIMEOUT|BAD_PATTERN|found/ },
  { pattern: "(a|a)*$|(a|aa)+$|([a-z]+)*$", expected: /PATTERN_TIMEOUT|found/ },
  { pattern: "(a?){40}a{40}", expected: /PATTERN_TIMEOUT|found/ },
  { pattern: "x".repeat(MiB), expected: /BAD_PATTERN/ },
  { pattern: "(".repeat(100_000), expected: /BAD_PATTERN/ },
  { pattern: "[z-a]", expected: /BAD_PATTERN/ },
  { pattern: "(?<n>a)(?<n>b)\\", expected: /BAD_PATTERN/ },
];

/** Texts on which such patterns lose themselves. */
export async function writeHaystack(directory: string): Promise<string> {
  const path = join(directory, "haystack.jsonl");
  const texts = [`${"a".repeat(50)}!`, "a".repeat(20_000), `${"ab".repeat(5_000)}!`];
  await writeFile(path, texts.map((each) => record(`{"event_type":"x","text":"${each}"}`)).join(""));
  return path;
}
