import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";

/** A process to run, and where it may leave what it prints. */
export interface Command {
  command: string;
  args: readonly string[];
  cwd: string;
  stdoutPath: string;
  stderrPath: string;
  env?: NodeJS.ProcessEnv | undefined;
}

/** What one run of a command cost: wall time of the whole process, and its peak resident memory. */
export interface Run {
  seconds: number;
  peakBytes: number;
}

/**
 * Runs a command with its output in files. The peak is `VmHWM` of /proc, the kernel's own high-water mark, read every
 * 10 ms; where there is no /proc it is 0.
 *
 * @throws Error when the command cannot be run or does not end with exit code 0
 */
export async function runMeasured({
  command,
  args,
  cwd,
  stdoutPath,
  stderrPath,
  env,
}: Command): Promise<Run> {
  const stdout = openSync(stdoutPath, "w");
  const stderr = openSync(stderrPath, "w");
  let peakBytes = 0;
  let code: number | null;
  let seconds: number;
  try {
    const started = process.hrtime.bigint();
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ["ignore", stdout, stderr],
    });
    const sampler = setInterval(() => {
      peakBytes = Math.max(peakBytes, highWaterMark(child.pid));
    }, 10);
    try {
      code = await new Promise<number | null>((resolve, reject) => {
        child.once("error", reject);
        child.once("exit", resolve);
      });
    } finally {
      clearInterval(sampler);
    }
    seconds = Number(process.hrtime.bigint() - started) / 1e9;
  } finally {
    closeSync(stdout);
    closeSync(stderr);
  }
  if (code !== 0) {
    const said = readFileSync(stderrPath, "utf8").trim().slice(0, 500);
    throw new Error(`${command} ${args.slice(0, 6).join(" ")} … ended with exit code ${code}: ${said}`);
  }
  return { seconds, peakBytes };
}

/** The most memory that a running process has had, in bytes. */
export function highWaterMark(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024;
  } catch {
    // The process has just ended, or this system has no /proc: the last reading stands.
    return 0;
  }
}
