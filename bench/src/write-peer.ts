/**
 * Writes events, one way or another. Usage: write-peer.js WAY COUNT DIRECTORY with WAY one of `logger-fsync`,
 * `logger-flush` (ours) and `stream` (JSON.stringify into fs.createWriteStream, which acknowledges nothing).
 * Prints the seconds from the first event to the end of the last write.
 */
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import { createEventLogger } from "@prodigy-events/logger";
import type { BuiltinEventMap, EventInput } from "@prodigy-events/schema";
import { drawEvent } from "./generate-events.js";
import { seededRandom } from "./random.js";

const [way, countText, directory] = process.argv.slice(2);
const count = Number(countText);
if (way === undefined || directory === undefined || !Number.isInteger(count)) {
  throw new Error("usage: write-peer.js WAY COUNT DIRECTORY");
}
const random = seededRandom(7);
// Drawing an event is not what is measured: a thousand are drawn before and used in turn.
const events = Array.from({ length: 1000 }, () => drawEvent(random, "bench", 50));

const started = process.hrtime.bigint();
if (way === "stream") {
  const stream = createWriteStream(join(directory, "events.jsonl"));
  for (let index = 0; index < count; index += 1) {
    const record = {
      id: crypto.randomUUID(),
      timestamp: new Date().toISOString(),
      correlation_id: "bench",
      event: events[index % events.length],
      metadata: { host: hostname(), pid: process.pid, thread: "main" },
    };
    if (!stream.write(`${JSON.stringify(record)}\n`)) await once(stream, "drain");
  }
  stream.end();
  await finished(stream);
} else {
  const logger = await createEventLogger({
    store: directory,
    repo: "bench",
    jobId: "bench",
    durability: way === "logger-flush" ? "flush" : "fsync",
    compress: false,
  });
  try {
    for (let index = 0; index < count; index += 1) {
      logger.log(events[index % events.length] as EventInput<BuiltinEventMap, "job_id">);
      if (!logger.canAccept) await logger.ready();
    }
    await logger.flush();
  } finally {
    await logger.shutdown();
  }
}
process.stdout.write(`${(Number(process.hrtime.bigint() - started) / 1e9).toFixed(3)}\n`);
