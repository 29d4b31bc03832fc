import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";

/** A process to run, and where it may leave what it prints. */
export interface Command {
  command: string;
  args: readonly string[];
  cwd: string;
  stdoutPath: string;
  stderrPath: string;
}

/** What one run of a command cost: wall time of the whole process, processor time, and its peak resident memory. */
export interface Run {
  seconds: number;
  cpuSeconds: number;
  peakBytes: number;
}

/**
 * Runs a command with its output in files. The peak is `VmHWM` of /proc, the kernel's own high-water mark, read every
 * 10 ms; the processor time is what the kernel adds to ours when a child ends, in steps of 10 ms. Where there is no
 * /proc both are 0. One command at a time.
 *
 * @throws Error when the command cannot be run or does not end with exit code 0
 */
export async function runMeasured({ command, args, cwd, stdoutPath, stderrPath }: Command): Promise<Run> {
  const stdout = openSync(stdoutPath, "w");
  const stderr = openSync(stderrPath, "w");
  let peakBytes = 0;
  let code: number | null;
  let seconds: number;
  let cpuSeconds: number;
  try {
    const cpuBefore = childrenCpuSeconds();
    const started = process.hrtime.bigint();
    const child = spawn(command, args, {
      cwd,
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
    cpuSeconds = childrenCpuSeconds() - cpuBefore;
  } finally {
    closeSync(stdout);
    closeSync(stderr);
  }
  if (code !== 0) {
    const said = readFileSync(stderrPath, "utf8").trim().slice(0, 500);
    throw new Error(`${command} ${args.slice(0, 6).join(" ")} … ended with exit code ${code}: ${said}`);
  }
  return { seconds, cpuSeconds, peakBytes };
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

/** Processor time of all children that have ended, user and system. */
function childrenCpuSeconds(): number {
  try {
    // The 16th and 17th fields of proc(5), counted from behind the name, which may hold spaces.
    const fields = readFileSync("/proc/self/stat", "utf8").split(") ").at(-1)?.split(" ") ?? [];
    return (Number(fields[13]) + Number(fields[14])) / ticksPerSecond;
  } catch {
    // This system has no /proc.
    return 0;
  }
}

/** Linux gives times to programs in hundredths of a second on every architecture that Node runs on. */
const ticksPerSecond = 100;
