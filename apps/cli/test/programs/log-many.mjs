// One of many processes that log into one job. Usage: log-many.mjs STORE JOB WRITER COUNT [PAUSE]
// With a pause, in milliseconds, it takes one after each 1,000 events.
import { setTimeout as sleep } from "node:timers/promises";
import { createEventLogger } from "@prodigy-events/logger";

const [store, jobId, writer, count, pauseMs] = process.argv.slice(2);
const logger = await createEventLogger({
  store,
  repo: "many-writers",
  jobId,
  maxSegmentBytes: 1_000_000,
  compress: true,
  fields: { agent_id: `agent-${writer}` },
});
try {
  for (let step = 0; step < Number(count); step += 1) {
    if (!logger.canAccept) await logger.ready();
    if (pauseMs !== undefined && step % 1_000 === 999) await sleep(Number(pauseMs));
    logger.log({
      event_type: "agent_progress",
      step: `step ${step}`,
      progress_pct: (100 * step) / Number(count),
    });
  }
  await logger.flush();
} finally {
  const report = await logger.shutdown();
  process.stdout.write(`${JSON.stringify({ ...report, producerId: logger.producerId })}\n`);
}
