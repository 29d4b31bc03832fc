/**
 * Logs events with our logger. Usage: log-ours.js WAY MEASURED EVENTS COUNT DIRECTORY with WAY `flush` or `fsync`, and
 * `-redacted` after it for the redaction that is on by default; MEASURED is `rate` or `calls`, EVENTS a file of events
 * in JSON. `ready()` is awaited every 1,000 events.
 */
import { readFileSync } from "node:fs";
import { createEventLogger } from "@prodigy-events/logger";
import type { BuiltinEventMap, EventInput } from "@prodigy-events/schema";
import { quantile } from "../measure/statistics.js";

const [way = "", measured, eventsPath = "", countText, directory = ""] = process.argv.slice(2);
const events: EventInput<BuiltinEventMap, "job_id">[] = JSON.parse(readFileSync(eventsPath, "utf8"));
const count = Number(countText);
const logger = await createEventLogger({
  store: directory,
  repo: "bench",
  jobId: "bench",
  correlationId: "bench",
  durability: way.startsWith("fsync") ? "fsync" : "flush",
  redact: way.endsWith("-redacted"),
  compress: false,
});
let total = 0;
if (measured === "calls") total = await timeCalls();
else {
  for (; total < count; ) {
    logger.log(events[total % events.length] as (typeof events)[number]);
    total += 1;
    if (total % 1000 === 0) await logger.ready();
  }
}
const { written } = await logger.shutdown();
if (written !== total) throw new Error(`${written} of ${total} events were written`);

/** As peers/time-calls.mjs does. */
async function timeCalls(): Promise<number> {
  const times = new Float64Array(count);
  const warmUp = Math.min(50_000, count);
  for (let index = 0; index < warmUp + count; index += 1) {
    const event = events[index % events.length] as (typeof events)[number];
    const started = performance.now();
    logger.log(event);
    const micros = (performance.now() - started) * 1000;
    if (index >= warmUp) times[index - warmUp] = micros;
    if (index % 1000 === 999) await logger.ready();
  }
  const at = (share: number) => quantile([...times], share);
  process.stdout.write(`${JSON.stringify({ p50: at(0.5), p99: at(0.99), "p99.9": at(0.999) })}\n`);
  return warmUp + count;
}
