import { readFileSync, readlinkSync } from "node:fs";
import { nodeCrypto } from "../files/node-crypto.js";
import { type ProcessStat, parseProcessStat } from "./process-stat.js";

/** The parts of `/proc` and `/etc` that say which machine, which boot and which process this is. */
export interface Machine {
  /** {@link appMachineId} of this machine, or `null` where it has none. */
  machineId(): string | null;
  /** The kernel's random id of this boot, or `null` where the system has no such thing. */
  bootId(): string | null;
  /** The pid namespace of this process, such as `pid:[4026531836]`, or `null`. */
  pidNamespace(): string | null;
  /** `"gone"` when no process has this pid; `undefined` when nothing can be found out about it. */
  processStat(pid: number): ProcessStat | "gone" | undefined;
}

/** This machine. All reads are of kernel memory or one small file, so they are synchronous. */
export const thisMachine: Machine = {
  machineId: () =>
    appMachineId(readText("/etc/machine-id")) ?? appMachineId(readText("/var/lib/dbus/machine-id")),
  bootId: () => readText("/proc/sys/kernel/random/boot_id")?.trim() || null,
  pidNamespace: () => {
    try {
      return readlinkSync("/proc/self/ns/pid");
    } catch {
      return null; // not Linux, or /proc is not mounted
    }
  },
  processStat: (pid) => {
    if (!exists(pid)) return "gone";
    const text = readText(`/proc/${pid}/stat`);
    return text === undefined ? undefined : parseProcessStat(text);
  },
};

/**
 * Signal 0 reaches every process that exists, also those that a `hidepid` mount hides from `/proc`: then the
 * error is EPERM, not ESRCH.
 */
function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined; // absent is an answer here: liveness then counts as not disproved
  }
}

/**
 * A machine id that is ours alone, as machine-id(5) asks of programs: the first 128 bits, in hex, of HMAC-SHA-256
 * with the machine id's text (32 hex digits) as the key and `prodigy-events` as the message. `null` for a text
 * that is not a machine id (absent, empty, `uninitialized`).
 */
export function appMachineId(text: string | undefined): string | null {
  const id = text?.trim() ?? "";
  if (!/^[0-9a-f]{32}$/.test(id)) return null;
  return nodeCrypto().createHmac("sha256", id).update("prodigy-events").digest("hex").slice(0, 32);
}
