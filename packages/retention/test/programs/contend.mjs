// Tries to clean one store again and again, and watches whether anybody else is at work while it is:
// node contend.mjs <plan.json> <marker> <rounds>. Prints { held, refused, overlaps } as JSON. With "forever" for the
// rounds it stays at work once it is.
import { readFileSync, unlinkSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { applyRetention } from "@prodigy-events/retention";
import { nodeFileSystem } from "@prodigy-events/storage";

const [planPath, marker, rounds] = process.argv.slice(2);
const plan = JSON.parse(readFileSync(planPath, "utf8"));
const counts = { held: 0, refused: 0, overlaps: 0 };

/** The first look at a segment comes once the locks are held: what happens in it happens while nobody else is at work. */
const fs = {
  ...nodeFileSystem,
  async lstat(path) {
    if (path.includes("/events-")) await work();
    return nodeFileSystem.lstat(path);
  },
};

async function work() {
  counts.held += 1;
  try {
    writeFileSync(marker, String(process.pid), { flag: "wx" });
  } catch {
    if (isRunning(readFileSync(marker, "utf8"))) counts.overlaps += 1;
    else writeFileSync(marker, String(process.pid)); // whoever worked here was killed at it
  }
  await sleep(rounds === "forever" ? 2 ** 31 - 1 : 5);
  unlinkSync(marker);
}

function isRunning(pid) {
  try {
    process.kill(Number(pid), 0);
    return true;
  } catch {
    return false;
  }
}

process.stdout.write("ready\n");
for (let round = 0; rounds === "forever" || round < Number(rounds); round += 1) {
  try {
    await applyRetention(plan, { fs });
  } catch (error) {
    if (error.code !== "LOCKED") throw error;
    counts.refused += 1;
    await sleep(Math.random() * 8);
  }
}
process.stdout.write(`${JSON.stringify(counts)}\n`);
