import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { FailureReason } from "@prodigy-events/schema";
import { environment } from "./git.js";

/** Why an attempt failed. */
export interface Failure {
  readonly ok: false;
  readonly reason: FailureReason;
  readonly error: string;
  /** Of the agent's process, if it exited by itself. */
  readonly exitCode?: number;
}

/** How an attempt ended. */
export type Outcome = { readonly ok: true } | Failure;

export interface AgentProcess {
  readonly agentId: string;
  readonly item: string;
  /** The attempt's number, from 1. */
  readonly number: number;
  readonly worktree: string;
  /** Where the agent writes down, as JSON lines, which commands it ran and what they said. */
  readonly jsonLog: string;
  readonly timeoutMs: number;
  /** What joins the agent's log to ours: `logger.childEnv()`. */
  readonly env: NodeJS.ProcessEnv;
}

const program = fileURLToPath(new URL("./agent.js", import.meta.url));

/** Between the request to end (SIGTERM, on which the agent's logger still writes) and SIGKILL. */
const graceMs = 1000;

/** As much of an agent's error output as is kept: its last part, which holds the reason. */
const maxErrorChars = 16_384;

/** The process groups of the agents that run. An orchestrator that leaves in a hurry takes them along. */
const running = new Set<number>();
process.on("exit", () => {
  for (const pid of running) killGroup(pid, "SIGTERM");
});

/**
 * Runs one agent and waits for its end. An agent is any program that works in its worktree, commits, and
 * exits with 0; with another exit code the last line of its error output is the reason.
 */
export function runAgent(agent: AgentProcess): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = spawn(
      process.execPath,
      [program, agent.agentId, agent.item, `${agent.number}`, agent.jsonLog],
      {
        cwd: agent.worktree,
        env: { ...environment(), ...agent.env },
        stdio: ["ignore", "ignore", "pipe"],
        // A process group of its own: Ctrl-C in the terminal reaches only the orchestrator, which lets its
        // agents finish, and a timeout reaches the agent together with whatever it started.
        detached: true,
      },
    );

    if (child.pid !== undefined) running.add(child.pid);

    let errorOutput = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      errorOutput = (errorOutput + text).slice(-maxErrorChars);
    });

    let timedOut = false;
    let killTimer: NodeJS.Timeout | undefined;
    const timer = setTimeout(() => {
      timedOut = true;
      killGroup(child.pid, "SIGTERM");
      killTimer = setTimeout(() => killGroup(child.pid, "SIGKILL"), graceMs);
    }, agent.timeoutMs);

    const end = (outcome: Outcome) => {
      clearTimeout(timer);
      clearTimeout(killTimer);
      if (child.pid !== undefined) running.delete(child.pid);
      resolve(outcome);
    };
    child.on("error", (error) =>
      end({ ok: false, reason: "unknown", error: `the agent did not start: ${error.message}` }),
    );
    child.on("close", (code, signal) => {
      const lastLine = errorOutput.trimEnd().split("\n").at(-1) || "the agent said nothing";
      const late = `still running after ${agent.timeoutMs} ms; killed`;
      if (code === 0) end({ ok: true });
      else if (timedOut) end({ ok: false, reason: "timeout", error: late });
      else if (code !== null) end({ ok: false, reason: "command_failed", error: lastLine, exitCode: code });
      else end({ ok: false, reason: "unknown", error: `the agent was ended by ${signal}` });
    });
  });
}

function killGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch (error) {
    // ESRCH: the whole group has ended by itself in the meantime, which is all we wanted.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
