import { dirname } from "node:path";
import {
  type CleanLogEntry,
  cleanLogPath,
  ensurePrivateDirectory,
  type FileSystem,
  readCleanLog,
  type SequenceRange,
  writeFileDurably,
} from "@prodigy-events/storage";
import type { ProducerNumbers } from "../verify/producer-numbers.js";
import { readRemovedNumbers } from "../verify/removed-numbers.js";
import { targetFailed } from "./target-file.js";

/** Where a log is made, from what, and when. */
export interface MissingNumbersRequest {
  readonly source: string;
  readonly target: string;
  /** Of the records that were copied. */
  readonly numbers: ProducerNumbers;
  readonly nowMs: number;
  readonly fs: FileSystem;
}

/**
 * Writes the log of a repaired directory: what clean had removed, as it was logged, and the numbers that were missing
 * or could not be read when the copy was made. So nobody takes them for losses of the copy.
 */
export async function logMissingNumbers({
  source,
  target,
  numbers,
  nowMs,
  fs,
}: MissingNumbersRequest): Promise<void> {
  const entries: CleanLogEntry[] = [];
  for await (const entry of readCleanLog(source, { fs })) entries.push(entry);
  const { byProducer } = await readRemovedNumbers(source, fs);
  const ranges: SequenceRange[] = [];
  for (const { producerId, gaps } of numbers.missing((id) => byProducer.get(id) ?? [], "zero"))
    ranges.push(...gaps.map((gap) => ({ producerId, ...gap })));
  const at = new Date(nowMs).toISOString();
  if (ranges.length > 0) entries.push({ action: "repair", at, segment: "", lines: 0, bytes: 0, ranges });
  if (entries.length === 0) return;
  const path = cleanLogPath(target);
  try {
    await ensurePrivateDirectory(dirname(path), fs);
    const text = entries.map((entry) => `${JSON.stringify(entry)}\n`).join("");
    await writeFileDurably(path, Buffer.from(text), fs);
  } catch (error) {
    throw targetFailed(error, path);
  }
}
