import * as workerThreads from "node:worker_threads";

/** `main`, or of a worker thread its name (where this Node has names, and it was given one), else its id. */
export function currentThreadName(): string {
  if (workerThreads.isMainThread) return "main";
  const { threadName } = workerThreads as { threadName?: string };
  return threadName || String(workerThreads.threadId);
}
