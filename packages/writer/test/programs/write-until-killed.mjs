// Writes batches of ten records to the job directory given, and prints the last sequence number of every batch
// once it is confirmed, until somebody kills this process.
import { writeSync } from "node:fs";
import { encodeRecord } from "@prodigy-events/schema";
import { newProducerId, nodeFileSystem, systemClock } from "@prodigy-events/storage";
import { encodeBatch, segmentWriter } from "@prodigy-events/writer";

const [root, directory, durability] = process.argv.slice(2);
const producerId = newProducerId();
const writer = segmentWriter({ maxSegmentBytes: 65_536, durability });
await writer.open({
  root,
  repo: "repo",
  directory,
  producerId,
  fs: nodeFileSystem,
  clock: systemClock,
  onWarning: () => undefined,
});
writeSync(1, `${producerId}\n`);

function lineOf(sequence) {
  return encodeRecord({
    id: `${producerId}-${sequence}`,
    timestamp: new Date().toISOString(),
    correlation_id: "run-1",
    event: { event_type: "checkpoint_failed", job_id: "job", error: "x".repeat(sequence % 700) },
    metadata: { host: "host", pid: process.pid, thread: "main", producer_id: producerId, sequence },
  });
}

for (let sequence = 0; ; sequence += 10) {
  const lines = Array.from({ length: 10 }, (_, index) => lineOf(sequence + index));
  await writer.write(encodeBatch(lines, sequence));
  writeSync(1, `${sequence + 9}\n`);
}
