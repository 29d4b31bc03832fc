import { decodeLine, type EventRecord } from "@prodigy-events/schema";
import { type EncodedBatch, sequenceOf } from "./encoded-batch.js";
import type { EventWriter } from "./event-writer.js";

/** An {@link EventWriter} that keeps what it is given. */
export interface MemoryWriter extends EventWriter {
  /** The canonical lines, each with its `\n`, in the order they were written. */
  readonly lines: string[];
  /** The lines decoded. */
  records(): EventRecord[];
}

/** Keeps the lines in memory, without bound: for tests, and for programs that look at their own events. */
export function memoryWriter(): MemoryWriter {
  const lines: string[] = [];
  let confirmedThrough = -1;
  const keep = (batch: EncodedBatch): void => {
    if (batch.lastSequence <= confirmedThrough) return;
    // At exit a batch can begin with records that came before.
    const isNew = (line: string): boolean =>
      batch.firstSequence > confirmedThrough ||
      (sequenceOf(line) ?? Number.POSITIVE_INFINITY) > confirmedThrough;
    for (const line of batch.records()) if (isNew(line)) lines.push(line);
    confirmedThrough = batch.lastSequence;
  };
  return {
    name: "memory",
    required: true,
    lines,
    records: () => lines.map(recordOf),
    write: async (batch) => keep(batch),
    writeSync: keep,
    flush: async () => undefined,
    close: async () => undefined,
  };
}

function recordOf(line: string): EventRecord {
  const decoded = decodeLine(line);
  if (decoded.ok) return decoded.record;
  throw new TypeError(`a line is no record: ${decoded.message}`);
}
