import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { DamageTally } from "../core/damage/damage-part.js";
import type { DamageOrder } from "../programs/damage-order.js";
import { programPath } from "./program-path.js";

const run = promisify(execFile);

/** Some ten times what a part takes on a busy machine: whoever is not done by then hangs. */
const timeout = 3_600_000;

/**
 * Has a process of its own do a part of the damages. It ends when the signal aborts.
 *
 * @throws Error when it ends without an answer, or hangs
 */
export async function runDamager(order: DamageOrder, signal: AbortSignal): Promise<DamageTally> {
  const program = [programPath("damager.js"), JSON.stringify(order)];
  const { stdout } = await run(process.execPath, program, { signal, timeout, killSignal: "SIGKILL" });
  return JSON.parse(stdout) as DamageTally;
}
