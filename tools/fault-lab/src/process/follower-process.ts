import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { FollowerReport, FollowOrder } from "../programs/follower-report.js";
import { programPath } from "./program-path.js";

/** A process that follows a job. */
export interface FollowerProcess {
  /** Resolves when it has begun. */
  readonly following: Promise<void>;
  /** Has it read what is still coming, and end. */
  stop(): Promise<FollowerReport>;
  kill(): void;
}

/** Starts a process that follows a job. */
export function startFollower(order: FollowOrder): FollowerProcess {
  const child = spawn(process.execPath, [programPath("follower.js"), JSON.stringify(order)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  child.stdin.on("error", () => undefined);
  const lines: string[] = [];
  let begin: () => void = () => undefined;
  const following = new Promise<void>((resolve) => {
    begin = resolve;
  });
  createInterface({ input: child.stdout }).on("line", (line) => {
    lines.push(line);
    begin();
  });
  const ended = new Promise<void>((resolve) => {
    child.once("close", () => {
      begin();
      resolve();
    });
  });
  return {
    following,
    kill: () => child.kill("SIGKILL"),
    async stop() {
      child.stdin.end("stop\n");
      await ended;
      const last = lines.at(-1);
      if (last === undefined || last === "following") throw new Error("the follower ended without a report");
      return JSON.parse(last) as FollowerReport;
    },
  };
}
