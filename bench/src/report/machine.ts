import { readFileSync } from "node:fs";
import { cpus, loadavg, release, totalmem } from "node:os";
import type { Tools } from "../tools/tools.js";

/** What the figures are of: machine and versions, in a few lines. */
export function machineText(tools: Tools): string {
  const [cpu] = cpus();
  const machine = `${cpus().length} × ${cpu?.model.trim() || "processor of unknown name"}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB`;
  const load = `load at the start ${loadavg()[0]?.toFixed(1)}`;
  const versions = tools.versions.map((pair) => pair.join(" ")).join(", ");
  const missing =
    tools.missing.length === 0 ? "" : `\nNot installed, so not measured: ${tools.missing.join(", ")}.`;
  return `${machine}, ${systemName()}, kernel ${release()}, ${load}.\n${versions}.${missing}`;
}

function systemName(): string {
  try {
    return /^PRETTY_NAME="(.*)"$/m.exec(readFileSync("/etc/os-release", "utf8"))?.[1] ?? process.platform;
  } catch {
    // Not every system says its name there.
    return process.platform;
  }
}
