import { currentProcessIdentity, type ProcessIdentity } from "./identity.js";
import { type Machine, thisMachine } from "./machine.js";
import type { ProcessStat } from "./process-stat.js";

/** `"dead"` is proved; everything that cannot be proved is `"alive"`. */
export type Liveness = "alive" | "dead";

/**
 * Whether the process that `identity` describes may still be writing. It is dead only if the machine is ours and
 * either the machine was booted since, or in our own pid namespace its pid is gone, a zombie's, or belongs to a
 * process that started at another time.
 */
export function producerLiveness(
  identity: ProcessIdentity,
  self: ProcessIdentity = currentProcessIdentity(),
  machine: Machine = thisMachine,
): Liveness {
  const verdict = compareMachines(identity, self);
  return verdict === "ask for the pid" ? judgeProcess(identity, machine.processStat(identity.pid)) : verdict;
}

/**
 * What the identities alone decide. Where neither side has a machine id, an equal boot id stands in for it: it is
 * random for every boot, so equal means the same machine; a different one then proves nothing.
 */
export function compareMachines(
  identity: ProcessIdentity,
  self: ProcessIdentity,
): Liveness | "ask for the pid" {
  if (identity.machineId !== self.machineId) return "alive";
  if (identity.bootId === null || self.bootId === null) return "alive";
  if (identity.bootId !== self.bootId) return self.machineId === null ? "alive" : "dead";
  if (identity.pidNamespace === null || identity.pidNamespace !== self.pidNamespace) return "alive";
  return "ask for the pid";
}

/** What the process table says about a pid of our own namespace decides the rest. */
export function judgeProcess(identity: ProcessIdentity, stat: ProcessStat | "gone" | undefined): Liveness {
  if (stat === "gone") return "dead";
  if (stat === undefined) return "alive";
  const ended = stat.state === "Z" || stat.state === "X" || stat.state === "x";
  if (ended && stat.threads <= 1) return "dead"; // a zombie with other threads left is still running in them
  if (identity.processStartTime === null) return "alive";
  return identity.processStartTime === stat.startTime ? "alive" : "dead";
}
