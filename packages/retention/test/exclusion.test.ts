import { copyFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { RetentionPlan } from "../src/index.js";
import { applyPlan, planClean } from "./support/clean.js";
import { linesOf } from "./support/lines.js";
import { allows, Running } from "./support/running.js";
import { hourMs, linesBelow, TestStore } from "./support/test-store.js";

const policy = { olderThanMs: 3 * hourMs };
const [old] = linesOf("aaaa", [9]) as [string];
const otherNamespace = ["unshare", "--net"];

async function oldStore(): Promise<TestStore> {
  const store = await TestStore.create();
  await store.segment({ producerId: "aaaa", content: old });
  return store;
}

/** A plan that every clean carries out up to the look at the source, and finds it changed: nothing is ever removed. */
async function unfulfillablePlan(store: TestStore): Promise<RetentionPlan> {
  const plan = structuredClone(await planClean(store, policy));
  for (const segment of plan.segments) for (const file of segment.files) file.ino += 1;
  return plan;
}

describe("of several cleans of one store", () => {
  async function contend(prefix: readonly string[]) {
    const store = await oldStore();
    const planPath = join(store.outside, "plan.json");
    await writeFile(planPath, JSON.stringify(await unfulfillablePlan(store)));
    const args = [planPath, join(store.outside, "marker"), "150"];
    const steady = [1, 2, 3].map(() => new Running("contend", args, prefix));
    for (const running of steady) await running.line();

    // Others come and are killed, some of them at work: what they held is free again.
    for (let killed = 0; killed < 8; killed += 1) {
      const victim = new Running("contend", args, prefix);
      await victim.line();
      await new Promise((resolve) => setTimeout(resolve, 20 + 11 * killed));
      await victim.kill();
    }
    const sum = { held: 0, refused: 0, overlaps: 0 };
    for (const running of steady) {
      const counts: typeof sum = JSON.parse(await running.line());
      for (const key of ["held", "refused", "overlaps"] as const) sum[key] += counts[key];
    }
    expect(await linesBelow(store.root)).toEqual([old]);
    return { sum, store };
  }

  it("one at a time is at work, also when some are killed at it", { timeout: 120_000 }, async () => {
    const { sum, store } = await contend([]);
    expect(sum.overlaps).toBe(0);
    expect(sum.held + sum.refused).toBe(450);
    expect(sum.held).toBeGreaterThan(0);
    expect(sum.refused).toBeGreaterThan(0);
    expect(await applyPlan(await planClean(store, policy))).toMatchObject({ complete: true });
  });

  it.runIf(allows(otherNamespace))(
    "one at a time is at work between network namespaces, where only the lock file excludes",
    { timeout: 120_000 },
    async () => {
      const { sum, store } = await contend(otherNamespace);
      expect(sum.overlaps).toBe(0);
      expect(sum.held + sum.refused).toBe(450);
      expect(sum.held).toBeGreaterThan(0);
      expect(sum.refused).toBeGreaterThan(0);
      expect(await applyPlan(await planClean(store, policy))).toMatchObject({ complete: true });
    },
  );
});

describe("the lock of a clean that was killed", () => {
  it("is taken over by the next without being told to, even if that was killed at taking over", async () => {
    const store = await oldStore();
    const planPath = join(store.outside, "plan.json");
    await writeFile(planPath, JSON.stringify(await unfulfillablePlan(store)));
    const marker = join(store.outside, "marker");
    const victim = new Running("contend", [planPath, marker, "forever"]);
    await expect.poll(() => readFile(marker, "utf8").catch(() => "")).toBe(String(victim.child.pid));
    await victim.kill();
    const lock = join(store.directory(), ".clean", "lock");
    await copyFile(lock, `${lock}.takeover`); // as one leaves it that is killed while it takes over a lock
    expect(await applyPlan(await planClean(store, policy))).toMatchObject({ complete: true });
    await expect(readFile(lock)).rejects.toMatchObject({ code: "ENOENT" });
    await expect(readFile(`${lock}.takeover`)).rejects.toMatchObject({ code: "ENOENT" });
  });
});
