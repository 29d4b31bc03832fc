// Archives everything of a job each time it is told to, and says what came of it. Reads orders (JSON lines) from stdin.
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { openStore } from "@prodigy-events/query";
import {
  applyRetention,
  gatherInventory,
  limits,
  planRetention,
  RetentionError,
  scopeOfStore,
} from "@prodigy-events/retention";
import { archiveDirectory, type FileSystem, nodeFileSystem } from "@prodigy-events/storage";
import type { CleanAnswer, CleanOrder } from "./clean-order.js";

/** Each removal takes so long, so that two cleans that overlapped would be seen to. */
const unlinkDelayMs = 2;

let heldFrom = "";
let heldTo = "";

const slowDisk: FileSystem = {
  ...nodeFileSystem,
  async unlink(path) {
    if (path.includes("/.clean/")) return nodeFileSystem.unlink(path);
    heldFrom ||= String(process.hrtime.bigint());
    await sleep(unlinkDelayMs);
    await nodeFileSystem.unlink(path);
    heldTo = String(process.hrtime.bigint());
  },
};

async function clean({ store, repo, jobId }: CleanOrder): Promise<CleanAnswer> {
  heldFrom = "";
  heldTo = "";
  const nothing = { removed: 0, skipped: 0, failed: [] };
  try {
    // A minute from now everything closed is old enough.
    const nowMs = Date.now() + 2 * limits.minClosedAgeMs;
    const policy = { olderThanMs: 1_000, archive: { directory: archiveDirectory(store) } };
    const scope = await scopeOfStore(await openStore({ root: store, repo, local: false }), [jobId]);
    const inventory = await gatherInventory(scope, policy, { nowMs });
    const { totals, outcomes } = await applyRetention(planRetention(inventory, policy, nowMs), {
      fs: slowDisk,
    });
    const failed = outcomes.flatMap(({ path, error }) =>
      error ? [`${path}: ${error.code} ${error.message}`] : [],
    );
    return { removed: totals.done, skipped: totals.skipped, failed, heldFrom, heldTo };
  } catch (error) {
    const code = error instanceof RetentionError ? error.code : "ERROR";
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { code, message, ...nothing, heldFrom, heldTo };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const answer = await clean(JSON.parse(line) as CleanOrder);
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
