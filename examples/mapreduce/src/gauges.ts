import type { JobLogger } from "./loggers.js";

interface QueueDepth {
  readonly pending: number;
  readonly active: number;
  readonly completed: number;
}

/** How often the gauges are read: often enough to see a queue drain, rare enough to cost nothing. */
const intervalMs = 250;

/**
 * Samples the queue depth and the memory of this process until the returned function is called. Only what
 * changed is logged: a gauge that repeats itself buries the events that matter.
 */
export function startGauges(log: JobLogger, readDepth: () => QueueDepth, memoryLimitMb: number): () => void {
  let lastDepth = "";
  let underPressure = false;
  const sample = () => {
    const depth = readDepth();
    const text = JSON.stringify(depth);
    if (text !== lastDepth) log.log({ event_type: "queue_depth_changed", ...depth });
    lastDepth = text;

    const usedMb = Math.round(process.memoryUsage().rss / 1e6);
    const overLimit = usedMb > memoryLimitMb;
    if (overLimit && !underPressure) {
      log.log({ event_type: "memory_pressure", used_mb: usedMb, limit_mb: memoryLimitMb });
    }
    underPressure = overLimit;
  };
  sample();
  const timer = setInterval(sample, intervalMs);
  return () => {
    clearInterval(timer);
    sample();
  };
}
