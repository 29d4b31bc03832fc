import { spawn } from "node:child_process";
import { join } from "node:path";
import { attachStrace } from "./attach-strace.js";

/** Why strace cannot be used here; `undefined` when it can. */
export async function straceProblem(directory: string): Promise<string | undefined> {
  const sleeper = spawn("sleep", ["60"], { stdio: "ignore" });
  const ended = new Promise((resolve) => sleeper.once("close", resolve));
  try {
    const output = join(directory, "strace-probe");
    const order = { pid: sleeper.pid ?? 0, syscalls: ["read"], injections: [], paths: [], output };
    const { ended: straceEnded } = await attachStrace(order);
    sleeper.kill();
    await straceEnded;
    return undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "strace is not installed";
    return error instanceof Error ? error.message : String(error);
  } finally {
    sleeper.kill();
    await ended;
  }
}
