// A worker thread logs 50 events and flushes, then 50 more, and does not shut its logger down; then it or the main
// thread ends as told.
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { createEventLogger } from "@prodigy-events/logger";

if (isMainThread) {
  const [store, how] = process.argv.slice(2);
  const worker = new Worker(new URL(import.meta.url), { workerData: { store, how } });
  worker.on("error", () => undefined);
  worker.on("message", () => {
    if (how === "terminate") void worker.terminate();
    if (how === "exit of the main thread") process.exit();
    if (how === "throw in the main thread") throw new Error("thrown on purpose");
  });
} else {
  const { store, how } = workerData;
  const logger = await createEventLogger({ store, repo: "repo", jobId: "job" });
  const log = (version) => logger.log({ event_type: "checkpoint_loaded", version });
  for (let version = 0; version < 50; version += 1) log(version);
  await logger.flush();
  for (let version = 50; version < 100; version += 1) log(version);
  if (how === "exit in the worker") process.exit();
  if (how === "throw in the worker") throw new Error("thrown on purpose");
  if (how !== "natural end") {
    setInterval(() => undefined, 60_000);
    parentPort.postMessage("logged");
  }
}
