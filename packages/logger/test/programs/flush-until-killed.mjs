// Logs and flushes ten events at a time and prints how many are acknowledged, until somebody kills this process.
import { writeSync } from "node:fs";
import { createEventLogger } from "@prodigy-events/logger";

const [store, durability] = process.argv.slice(2);
const logger = await createEventLogger({
  store,
  repo: "repo",
  jobId: "job",
  durability,
  maxSegmentBytes: 65_536,
});
writeSync(1, `${logger.producerId}\n`);
for (let version = 0; ; version += 10) {
  for (let index = 0; index < 10; index += 1) {
    logger.log({ event_type: "checkpoint_loaded", version: version + index });
  }
  await logger.flush();
  writeSync(1, `${version + 10}\n`);
}
