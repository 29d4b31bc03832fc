import type { FileSystem } from "@prodigy-events/storage";
import { contentSums } from "../content/content-sums.js";
import type { Amount } from "../plan/amount.js";
import type { SequenceRange } from "./inventory.js";
import { ProducerSequences } from "./producer-sequences.js";
import type { RecordKey } from "./record-key.js";
import { ScanCounts, scanRecords } from "./scan-records.js";

/** What is in a file. */
export interface ContentCount extends Amount {
  /** The first and last record, in file order, that carry a sequence number. */
  first: RecordKey | undefined;
  last: RecordKey | undefined;
  /** The sequence numbers of its records. */
  ranges: SequenceRange[];
  /** In words, why it could not be read to its end. */
  damage: string | undefined;
}

/** Counts what is in a file by reading and parsing all of it. */
export async function countContent(
  path: string,
  fs: FileSystem,
  signal: AbortSignal | undefined,
): Promise<ContentCount> {
  const counts = new ScanCounts();
  let first: RecordKey | undefined;
  let last: RecordKey | undefined;
  const sequences = new ProducerSequences();
  const request = { source: path, keyPath: path, jobId: undefined, jobIds: undefined, fs, signal };
  for await (const batch of scanRecords(request, counts)) {
    for (const { key, dropped } of batch) {
      sequences.add(key);
      if (dropped !== undefined) sequences.addDropped(dropped);
      if (key.sequence < 0) continue;
      first ??= key;
      last = key;
    }
  }
  const { records, malformed, damage } = counts;
  const bytes = damage === undefined ? (await contentSums(path, fs)).bytes : 0;
  return { records, malformed, bytes, first, last, ranges: sequences.toRanges(), damage };
}
