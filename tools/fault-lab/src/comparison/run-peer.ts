import { spawn } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { programPath } from "../process/program-path.js";
import type { PeerOrder } from "../programs/peer-order.js";

/** How a program with another logger ended. */
export interface EndedPeer {
  readonly outcome: number | NodeJS.Signals | null;
  /** Lines that it had been told are written. */
  readonly acknowledged: number;
}

/** A program that neither ends nor can be ended otherwise has so long, in milliseconds. */
const patienceMs = 60_000;

/** Runs a program with another logger; SIGKILL ends it so long after its first batch. */
export async function runPeer(order: PeerOrder, killAfterMs = patienceMs): Promise<EndedPeer> {
  await mkdir(order.directory, { recursive: true });
  const child = spawn(process.execPath, [programPath("peer.js"), JSON.stringify(order)], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  let stdout = "";
  let timer = setTimeout(() => child.kill("SIGKILL"), patienceMs);
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    if (stdout === "") {
      clearTimeout(timer);
      timer = setTimeout(() => child.kill("SIGKILL"), killAfterMs);
    }
    stdout += text;
  });
  const outcome = await new Promise<EndedPeer["outcome"]>((resolve) => {
    child.once("close", (code, signal) => resolve(signal ?? code));
  });
  clearTimeout(timer);
  return { outcome, acknowledged: Number(stdout.trimEnd().split("\n").at(-1) || 0) };
}
