// Logs numbered lines with another logger and ends as told. Prints how many lines it was told are written, each time
// before it pauses. Usage: peer.js ORDER (JSON)
import { writeSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { openPeer } from "../comparison/open-peer.js";
import type { PeerOrder } from "./peer-order.js";

/** Makes a line about as long as one of our records. */
const padding = "x".repeat(300);

const settleMs = 200;

/** A logger whose stream has died may never come to its end. */
const closeMs = 5_000;

const order = JSON.parse(process.argv[2] ?? "{}") as PeerOrder;
const { lines, batchLines, pauseMs, end } = order;
const peer = await openPeer(order);
// All of them open their files in the background; nobody is to be caught before that.
await sleep(settleMs);

for (let number = 0; number < lines; number += 1) {
  peer.log({ n: number, padding });
  if (number % batchLines !== batchLines - 1) continue;
  await sleep(pauseMs);
  writeSync(1, `${peer.acknowledged()}\n`);
}
if (end === "orderly") {
  await Promise.race([peer.close(), sleep(closeMs)]);
  process.exit(0);
}
if (end === "process.exit") process.exit(0);
else if (end === "throw") throw new Error("thrown on purpose");
else {
  setInterval(() => undefined, 60_000);
  process.kill(process.pid, end);
}
