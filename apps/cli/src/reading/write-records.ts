import type { Match } from "@prodigy-events/query";
import type { TextSink } from "../output/standard-output.js";
import type { RecordFormat } from "../records/record-format.js";

/**
 * Writes all batches through a format, waiting for the sink where it is slower. Resolves to the number of records.
 * `observe` sees every batch.
 */
export async function writeRecords(
  batches: AsyncIterable<readonly Match[]>,
  format: RecordFormat,
  sink: TextSink,
  observe?: (batch: readonly Match[]) => void,
): Promise<number> {
  let records = 0;
  await sink.write(format.begin());
  for await (const batch of batches) {
    if (batch.length === 0) continue;
    observe?.(batch);
    const formatted = format.batch(batch);
    const written = sink.write(typeof formatted === "string" ? formatted : await formatted);
    if (written !== undefined) await written;
    records += batch.length;
  }
  await sink.write(format.end());
  return records;
}
