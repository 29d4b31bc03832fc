// Logs in a worker thread of the name given, which ends without shutting its logger down.
import { isMainThread, Worker, workerData } from "node:worker_threads";
import { createEventLogger } from "@prodigy-events/logger";

if (isMainThread) {
  const [store, name] = process.argv.slice(2);
  new Worker(new URL(import.meta.url), { workerData: { store }, name });
} else {
  const logger = await createEventLogger({ store: workerData.store, repo: "repo", jobId: "job" });
  for (let version = 0; version < 50; version += 1) logger.log({ event_type: "checkpoint_loaded", version });
}
