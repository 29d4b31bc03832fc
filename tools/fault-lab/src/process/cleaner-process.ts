import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { CleanAnswer, CleanOrder } from "../programs/clean-order.js";
import { programPath } from "./program-path.js";

/** A process that cleans when it is told to. */
export interface CleanerProcess {
  clean(order: CleanOrder): Promise<CleanAnswer>;
  stop(): Promise<void>;
}

/** Starts a process that waits for jobs to clean. */
export function startCleaner(): CleanerProcess {
  const child = spawn(process.execPath, [programPath("cleaner.js")], { stdio: ["pipe", "pipe", "inherit"] });
  child.stdin.on("error", () => undefined);
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async clean(order) {
      child.stdin.write(`${JSON.stringify(order)}\n`);
      const { value, done } = await answers.next();
      if (done) throw new Error("a cleaning process ended without an answer");
      return JSON.parse(value) as CleanAnswer;
    },
    async stop() {
      child.stdin.end();
      await ended;
    },
  };
}
