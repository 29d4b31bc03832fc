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
/** Lines at the beginning that only show that the program has started to follow. */
const greetings = 20;
const descriptor = openSync(path, "a", 0o600);
const sentAt = new Map<number, number>();
const latencies: number[] = [];

const child = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"] });
let seen = -1;
createInterface({ input: child.stdout }).on("line", (line) => {
  const sequence = JSON.parse(line).metadata.sequence as number;
  const sent = sentAt.get(sequence);
  if (sent !== undefined && sequence >= greetings) latencies.push(performance.now() - sent);
  seen = sequence;
});

for (let sequence = 0; sequence < greetings + count; sequence += 1) {
  append(sequence);
  // Uneven, so that no poll of the other side falls into step with it.
  await sleep(15 + ((sequence * 7) % 25));
  if (sequence === greetings - 1) await untilSeen(sequence);
}
await untilSeen(greetings + count - 1);
const peakMb = highWaterMark(child.pid) / 1e6;
child.kill("SIGINT");
closeSync(descriptor);
if (latencies.length !== count) throw new Error(`${latencies.length} of ${count} lines arrived`);
const figures = { p50: quantile(latencies, 0.5), p99: quantile(latencies, 0.99), peakMb };
process.stdout.write(`${JSON.stringify(figures)}\n`);

function append(sequence: number): void {
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
}

async function untilSeen(sequence: number): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (seen < sequence) {
    if (performance.now() > deadline || child.exitCode !== null)
      throw new Error(`${command} does not show line ${sequence}`);
    await sleep(20);
  }
}
