import { readFileSync } from "node:fs";
import { hostname } from "node:os";

/** What every program that writes is given: WAY MEASURED EVENTS COUNT DIRECTORY, with MEASURED `rate` or `calls`. */
export function request() {
  const [way, measured, eventsPath, count, directory] = process.argv.slice(2);
  return {
    way,
    measured,
    events: JSON.parse(readFileSync(eventsPath, "utf8")),
    count: Number(count),
    directory,
  };
}

export const correlationId = "bench";
/** What our logger puts into the metadata of each record, less its number. */
export const metadata = { host: hostname(), pid: process.pid, thread: "main", producer_id: "k3f9a1c2" };

let lastMs = 0;
let lastIso = "";
/** The time as our records have it, made once per millisecond. */
export function timestamp() {
  const now = Date.now();
  if (now !== lastMs) {
    lastMs = now;
    lastIso = new Date(now).toISOString();
  }
  return lastIso;
}

/** The whole record, for loggers without a part that stays the same. */
export function recordOf(event, sequence) {
  return {
    id: crypto.randomUUID(),
    timestamp: timestamp(),
    correlation_id: correlationId,
    event,
    metadata: { ...metadata, sequence },
  };
}
