/**
 * Logs events with pino, in its fastest way: what stays the same is bound, and so written out once.
 * WAY is `sync` (minLength 8192) or `async` (yielding every 1,000); see writing.mjs.
 */
import { once } from "node:events";
import { join } from "node:path";
import pino from "pino";
import { timeCalls } from "./time-calls.mjs";
import { correlationId, metadata, request, timestamp } from "./writing.mjs";

const { way, measured, events, count, directory } = request();
const isSync = way === "sync";
const destination = pino.destination({
  dest: join(directory, "pino.jsonl"),
  sync: isSync,
  minLength: isSync ? 8192 : 4096,
});
if (!isSync) await once(destination, "ready");
const logger = pino(
  {
    timestamp: false,
    formatters: { level: () => ({ level: 30 }) },
    base: { correlation_id: correlationId, metadata },
  },
  destination,
);
const log = (event, sequence) =>
  logger.info({ id: crypto.randomUUID(), timestamp: timestamp(), sequence, event });
const rest = () => (isSync ? undefined : new Promise(setImmediate));

if (measured === "calls") await timeCalls(log, rest, events, count);
else {
  for (let index = 0; index < count; index += 1) {
    log(events[index % events.length], index);
    if (index % 1000 === 999) await rest();
  }
}
await new Promise((resolve) => destination.flush(resolve));
destination.end();
await once(destination, "close");
