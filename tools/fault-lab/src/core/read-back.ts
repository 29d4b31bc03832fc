import { openStore, type QueryReport } from "@prodigy-events/query";
import type { FileSystem } from "@prodigy-events/storage";
import { repo } from "./test-records.js";

/** What a reader sees. */
export interface ReadBack {
  /** The lines as they stand in the files, without line ends, in the order given. */
  readonly lines: readonly string[];
  readonly report: QueryReport;
}

/** Where to read: a store's root, or files and directories. */
export interface ReadPlace {
  readonly root: string;
  readonly files?: readonly string[];
  readonly fs?: FileSystem;
}

/** Reads everything through the query package. */
export async function readBack({ root, files, fs }: ReadPlace): Promise<ReadBack> {
  const store = await openStore({ root, repo, local: false, cwd: "/", env: {}, files, fs });
  const stream = store.query();
  const lines: string[] = [];
  for await (const batch of stream.batches()) for (const { line } of batch) lines.push(line);
  return { lines, report: stream.report };
}

/** What the invariants R1 to R5 say about a reading. */
export interface Expectation {
  /** Lines, without line ends, that must have been read (R1, R5). */
  readonly required: Iterable<string>;
  /** Whether a line may be there at all (R3). */
  isKnown(line: string): boolean;
  /** Producer and sequence number of a line. */
  identityOf(line: string): { readonly producerId: string; readonly sequence: number };
}

/** How a reading differs from what the invariants say. */
export interface Violations {
  readonly lost: number;
  readonly dup: number;
  /** One for each kind of violation, in words. */
  readonly texts: readonly string[];
}

/** Holds a reading against the invariants. */
export function violationsOf({ lines, report }: ReadBack, expected: Expectation): Violations {
  const texts: string[] = [];
  const read = new Set(lines);
  const lost = [...expected.required].filter((line) => !read.has(line));
  if (lost.length > 0) texts.push(`R1: ${lost.length} lost, first ${shortOf(lost[0]!)}`);
  const dup = lines.length - read.size;
  if (dup > 0) texts.push(`R1: ${dup} given twice`);
  const invented = lines.filter((line) => !expected.isKnown(line));
  if (invented.length > 0) texts.push(`R3: ${invented.length} invented, first ${invented[0]!.slice(0, 80)}`);
  const last = new Map<string, number>();
  for (const line of lines.filter((each) => expected.isKnown(each))) {
    const { producerId, sequence } = expected.identityOf(line);
    if (sequence < (last.get(producerId) ?? -1)) texts.push(`R2: ${producerId} ${sequence} out of order`);
    last.set(producerId, sequence);
  }
  const { linesRead, records, malformed, torn, pending } = report;
  if (linesRead !== records + malformed + torn + pending) {
    texts.push(
      `R4: ${linesRead} lines = ${records} + ${malformed} malformed + ${torn} torn + ${pending} pending`,
    );
  }
  if (report.unreadable > 0) texts.push(`R5: unreadable, ${report.problems[0]?.message}`);
  return { lost: lost.length, dup, texts };
}

function shortOf(line: string): string {
  return /"producer_id":.*?"sequence":\d+/.exec(line)?.[0] ?? line.slice(0, 40);
}
