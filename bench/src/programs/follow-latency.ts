/**
 * How long a line takes from its append to its arrival on the standard output of a program that follows the file.
 * Usage: follow-latency.js COUNT FILE COMMAND ARGUMENT…  Prints `p50`, `p99` (ms) and `peakMb` as JSON.
 */
import { spawn } from "node:child_process";
import { closeSync, openSync, writeSync } from "node:fs";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { highWaterMark } from "../measure/peak-memory.js";
import { quantile } from "../measure/statistics.js";
import { canonicalLine } from "../store/record-line.js";

const [countText, path = "", command = "", ...args] = process.argv.slice(2);
const count = Number(countText);
const descriptor = openSync(path, "a", 0o600);
const sentAt = new Map<number, number>();
const latencies: number[] = [];
let sequence = 0;
let seen = -1;

const child = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"] });
try {
  createInterface({ input: child.stdout }).on("line", (line) => {
    seen = JSON.parse(line).metadata.sequence;
    latencies.push(performance.now() - (sentAt.get(seen) as number));
  });
  // What is appended before the program follows is history to it.
  await until(() => {
    append();
    return seen >= 0;
  });
  await until(() => seen === sequence - 1);
  latencies.length = 0;
  for (let index = 0; index < count; index += 1) {
    append();
    // Uneven, so that no poll of the other side falls into step with it.
    await sleep(15 + ((index * 7) % 25));
  }
  await until(() => seen === sequence - 1);
  if (latencies.length !== count) throw new Error(`${latencies.length} of ${count} lines arrived`);
  const peakMb = highWaterMark(child.pid) / 1e6;
  const figures = { p50: quantile(latencies, 0.5), p99: quantile(latencies, 0.99), peakMb };
  process.stdout.write(`${JSON.stringify(figures)}\n`);
} finally {
  child.kill("SIGINT");
  closeSync(descriptor);
}

function append(): void {
  const line = canonicalLine({
    id: `019b796d-d606-723c-8c5b-${sequence.toString(16).padStart(12, "0")}`,
    timestamp: new Date().toISOString(),
    correlationId: "bench",
    event:
      '{"event_type":"agent_progress","job_id":"live","agent_id":"agent-1","step":"x","progress_pct":50}',
    pid: process.pid,
    producerId: "live0000",
    sequence,
  });
  sentAt.set(sequence, performance.now());
  writeSync(descriptor, line);
  sequence += 1;
}

async function until(isSo: () => boolean): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (!isSo()) {
    if (performance.now() > deadline) throw new Error(`${command} does not show line ${sequence - 1}`);
    await sleep(50);
  }
}
