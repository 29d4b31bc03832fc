import { decodeLine, type EventRecord } from "@prodigy-events/schema";
import { type LineProblem, listSegments, readLines } from "@prodigy-events/storage";

/** What a directory holds, as any reader sees it. */
export interface ReadBack {
  /** One of each (producer, sequence), in the order of segments and lines. */
  records: EventRecord[];
  /** Records that were there more than once, counted beyond the first. */
  duplicates: number;
  problems: LineProblem[];
}

/** Reads all segments of a directory through the storage package and merges what is there twice. */
export async function readBack(directory: string): Promise<ReadBack> {
  const records: EventRecord[] = [];
  const problems: LineProblem[] = [];
  const seen = new Set<string>();
  let duplicates = 0;
  for (const segment of await listSegments(directory)) {
    const onProblem = (problem: LineProblem): number => problems.push(problem);
    for await (const lines of readLines(segment, { onProblem })) {
      for (const { text } of lines) {
        const decoded = decodeLine(text);
        if (!decoded.ok) throw new Error(`not a record: ${text.slice(0, 200)}`);
        const { producer_id: producer, sequence } = decoded.record.metadata;
        const identity = `${producer} ${sequence}`;
        if (seen.has(identity)) duplicates += 1;
        else records.push(decoded.record);
        seen.add(identity);
      }
    }
  }
  return { records, duplicates, problems };
}

/** The sequence numbers that a directory holds, in reading order, each once. */
export async function sequencesIn(directory: string): Promise<number[]> {
  const { records } = await readBack(directory);
  return records.map(({ metadata }) => metadata.sequence ?? -1);
}

/** The whole numbers from `first`, so many. */
export function numbers(count: number, first = 0): number[] {
  return Array.from({ length: count }, (_, index) => first + index);
}
