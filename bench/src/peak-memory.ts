import { spawn } from "node:child_process";
import { createWriteStream, readFileSync } from "node:fs";
import { finished } from "node:stream/promises";

/** What one run of a command cost: wall time of the whole process, and its peak resident memory. */
export interface Run {
  seconds: number;
  peakBytes: number;
  stdoutPath: string;
}

/**
 * Runs a command with its output in a file. The peak is `VmHWM` of /proc, the kernel's own high-water mark, read
 * every 10 ms; where there is no /proc it is 0.
 */
export async function runMeasured(
  command: string,
  args: readonly string[],
  stdoutPath: string,
  env: NodeJS.ProcessEnv,
): Promise<Run> {
  const started = process.hrtime.bigint();
  const child = spawn(command, args, { env, stdio: ["ignore", "pipe", "inherit"] });
  let peakBytes = 0;
  const sampler = setInterval(() => {
    peakBytes = Math.max(peakBytes, highWaterMark(child.pid));
  }, 10);
  const file = createWriteStream(stdoutPath);
  child.stdout.pipe(file);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", resolve);
  });
  clearInterval(sampler);
  await finished(file);
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  if (code !== 0) throw new Error(`${command} ${args.join(" ")} ended with exit code ${code}`);
  return { seconds, peakBytes, stdoutPath };
}

function highWaterMark(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024;
  } catch {
    // The process has just ended, or this system has no /proc: the last reading stands.
    return 0;
  }
}
