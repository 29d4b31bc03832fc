import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { copyFile, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { type RetentionPlan, restoreArchive } from "../src/index.js";
import { applyPlan, planClean } from "./support/clean.js";
import { linesOf } from "./support/lines.js";
import { hourMs, linesBelow, TestStore } from "./support/test-store.js";

const program = (name: string) => fileURLToPath(new URL(`./programs/${name}.mjs`, import.meta.url));
const policy = { olderThanMs: 3 * hourMs };
const [old] = linesOf("aaaa", [9]) as [string];

/** Whether this machine lets us run a command in front of a process at all. */
const allows = (command: readonly string[]) =>
  spawnSync(command[0]!, [...command.slice(1), "true"]).status === 0;
const otherNamespace = ["unshare", "--net"];
const otherUser = ["setpriv", "--reuid", "65534", "--clear-groups"];

/** A started program whose lines of output can be awaited. */
class Running {
  readonly child: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  constructor(name: string, args: readonly string[], prefix: readonly string[] = []) {
    const [command, ...words] = [...prefix, process.execPath, program(name), ...args];
    this.child = spawn(command!, words, { stdio: ["ignore", "pipe", "inherit"] });
    this.#lines = createInterface({ input: this.child.stdout! })[Symbol.asyncIterator]();
    onTestFinished(() => this.kill());
  }

  async line(): Promise<string> {
    const { value, done } = await this.#lines.next();
    if (done) throw new Error("the program ended without another line");
    return value;
  }

  async kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.kill("SIGKILL");
    await once(this.child, "exit");
  }
}

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

describe("a socket that somebody holds in the store's name", () => {
  const squatters = [
    ["a process of ours", []],
    ...(allows(otherUser) ? [["another user's process", otherUser] as const] : []),
  ] as const;

  it.each(squatters)("stops clean and restore, and breakLock changes nothing: %s", async (_, prefix) => {
    const store = await oldStore();
    await store.file(join(store.archive, "repo", "job-1", "events-x.jsonl.rotated"), { content: old });
    const squatter = new Running("squat", [store.root], prefix);
    await squatter.line();
    const reason =
      prefix.length === 0
        ? `process ${squatter.child.pid} is cleaning or restoring in ${store.root}`
        : `process ${squatter.child.pid} of user 65534 holds @prodigy-events-clean-`;
    const refusal = { code: "LOCKED", path: store.root, message: expect.stringContaining(reason) };
    const plan = await planClean(store, policy);
    await expect(applyPlan(plan)).rejects.toMatchObject(refusal);
    await expect(applyPlan(plan, { breakLock: true })).rejects.toMatchObject(refusal);
    await expect(restoreArchive({ root: store.root, archiveDirectory: store.archive })).rejects.toMatchObject(
      refusal,
    );
    expect(await linesBelow(store.root)).toEqual([old]);

    await squatter.kill();
    expect(await applyPlan(plan)).toMatchObject({ complete: true });
    expect(await linesBelow(store.root)).toEqual([]);
  });

  it("is found under every path of the store, and stands for no other store", async () => {
    const store = await oldStore();
    const other = await oldStore();
    const squatter = new Running("squat", [store.root]);
    await squatter.line();
    const link = join(other.outside, "link");
    await symlink(store.root, link);
    const viaLink = { ...(await planClean(store, policy)), root: link };
    viaLink.segments = viaLink.segments.map((segment) => ({
      ...segment,
      directory: segment.directory.replace(store.root, link),
    }));
    await expect(applyPlan(viaLink)).rejects.toMatchObject({ code: "LOCKED" });
    expect(await applyPlan(await planClean(other, policy))).toMatchObject({ complete: true });
  });
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
