import { hostname } from "node:os";
import { type Machine, thisMachine } from "./machine.js";

/** What can be compared to find out whether the process that wrote something is still there. */
export interface ProcessIdentity {
  pid: number;
  /** Clock ticks since boot, as in `/proc/<pid>/stat`; `null` where that is not known. */
  processStartTime: string | null;
  pidNamespace: string | null;
  bootId: string | null;
  /** Derived from the machine's id, see {@link appMachineId}; `null` where it has none. */
  machineId: string | null;
  host: string;
}

/** A producer as its file describes it. */
export interface ProducerIdentity extends ProcessIdentity {
  producerId: string;
  /** Version of the program that writes, for people. */
  version: string;
  /** RFC 3339. */
  startedAt: string;
}

/** Of this process, once all of it could be read; it stays the same as long as the process lives. */
let known: ProcessIdentity | undefined;

/** The identity of this process. */
export function currentProcessIdentity(machine: Machine = thisMachine): ProcessIdentity {
  if (machine !== thisMachine) return identityOn(machine);
  const identity = known ?? identityOn(machine);
  if (identity.processStartTime !== null && identity.bootId !== null && identity.pidNamespace !== null) {
    known = identity;
  }
  return { ...identity };
}

function identityOn(machine: Machine): ProcessIdentity {
  const stat = machine.processStat(process.pid);
  return {
    pid: process.pid,
    processStartTime: stat === undefined || stat === "gone" ? null : stat.startTime,
    pidNamespace: machine.pidNamespace(),
    bootId: machine.bootId(),
    machineId: machine.machineId(),
    host: hostname(),
  };
}
