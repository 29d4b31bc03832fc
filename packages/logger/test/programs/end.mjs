// Logs 1,500 events in the store given and ends as told, without shutting the logger down. What ends it finds the
// first 1,000 events on their way to the disk and the others in memory.
import { createEventLogger } from "@prodigy-events/logger";

const [store, how] = process.argv.slice(2);
const logger = await createEventLogger({
  store,
  repo: "repo",
  jobId: "job",
  handleSignals: how.startsWith("signal"),
});
const log = (version) => logger.log({ event_type: "checkpoint_loaded", version });

if (how === "signal with a listener") {
  process.once("SIGTERM", async () => {
    log(1_500);
    const { written } = await logger.shutdown();
    process.exitCode = written === 1_501 ? 7 : 8;
    clearInterval(keepAlive);
  });
}
for (let version = 0; version < 1_000; version += 1) log(version);
await new Promise((resolve) => setImmediate(resolve));
for (let version = 1_000; version < 1_500; version += 1) log(version);

const keepAlive = setInterval(() => undefined, 60_000);
if (how === "natural end") clearInterval(keepAlive);
else if (how === "process.exit") process.exit(3);
else if (how === "throw") throw new Error("thrown on purpose");
else if (how === "rejection") Promise.reject(new Error("rejected on purpose"));
else if (how === "stack overflow") overflow();
else if (how === "caught exception") {
  process.on("uncaughtException", async () => {
    log(1_500);
    const { written } = await logger.shutdown();
    process.exitCode = written === 1_501 ? 9 : 10;
    clearInterval(keepAlive);
  });
  queueMicrotask(() => {
    throw new Error("caught in the end");
  });
} else process.stdout.write("ready\n");

function overflow() {
  overflow();
  return 1;
}
