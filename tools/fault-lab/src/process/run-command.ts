import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/**
 * Runs a program of the system to its end and returns what it printed.
 *
 * @throws Error with what it said on stderr
 */
export async function runCommand(name: string, ...args: readonly string[]): Promise<string> {
  try {
    return (await run(name, args)).stdout;
  } catch (error) {
    const { code, stderr = "" } = error as Error & { code?: unknown; stderr?: string };
    if (code === "ENOENT") throw new Error(`${name} is not installed`, { cause: error });
    throw new Error(`${name} ${args.join(" ")}: ${stderr.trim() || String(code)}`, { cause: error });
  }
}
