import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { applyPlan, planClean } from "./support/clean.js";
import { restore } from "./support/cleaned-store.js";
import { linesOf } from "./support/lines.js";
import { hourMs, linesBelow, TestStore } from "./support/test-store.js";

const program = fileURLToPath(new URL("./programs/work-until-killed.mjs", import.meta.url));
const concurrency = 4;
const cutInTheMiddle = [9, 8, 7, 2, 1];
const isKept = (line: string) => !/"id":"\w+-[012]"/.test(line);
const policyOf = (store: TestStore) => ({ olderThanMs: 5 * hourMs, archive: { directory: store.archive } });

/** One segment that goes whole, a compressed one that is cut, and a shared file. */
async function filledStore(): Promise<TestStore> {
  const store = await TestStore.create();
  const lines = (producerId: string, hoursAgo: readonly number[]) => linesOf(producerId, hoursAgo).join("");
  await store.segment({
    ...{ producerId: "aaaa", form: "rotated", sealed: true },
    content: lines("aaaa", [9, 8, 7]),
  });
  await store.segment({
    ...{ producerId: "bbbb", form: "gz", sealed: true },
    content: lines("bbbb", cutInTheMiddle),
  });
  const content = `bad\n${lines("cccc", cutInTheMiddle)}`;
  await store.file(join(store.directory(), "events-shared.jsonl"), { content });
  return store;
}

/** The ids of all records as a query reads them from the store, which gives none twice. */
async function idsRead(store: TestStore): Promise<string[]> {
  const ids: string[] = [];
  for await (const { id } of (await store.open()).query()) ids.push(id);
  return ids.sort();
}

const idOf = (line: string): string => JSON.parse(line).id;
const isRecord = (line: string) => line.startsWith("{");

/** Runs the program on a store; true when it was killed before it had done everything. */
async function isKilled(store: TestStore, mode: string, nth: number, moment: string): Promise<boolean> {
  const planPath = join(store.outside, "plan.json");
  if (mode === "clean") await writeFile(planPath, JSON.stringify(await planClean(store, policyOf(store))));
  const words = [program, planPath, store.root, store.archive, mode, String(nth), moment];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, words, (error, _, stderr) => {
      if (error?.signal === "SIGKILL") resolve(true);
      else if (error) reject(new Error(`the program failed: ${stderr}`));
      else resolve(false);
    });
  });
}

/** Does `attempt` for the first change, the second and so on, a few at once, until one is not killed any more. */
async function forEachChange(attempt: (nth: number) => Promise<boolean>): Promise<number> {
  for (let first = 1; ; first += concurrency) {
    const numbers = Array.from({ length: concurrency }, (_, at) => first + at);
    const killed = await Promise.all(numbers.map(attempt));
    if (killed.includes(false)) return first + killed.indexOf(false) - 1;
  }
}

describe.each(["before", "middle"])("a process that is killed %s of any change", (moment) => {
  it("while it cleans loses and doubles nothing, and the next clean finishes the work", {
    timeout: 240_000,
  }, async () => {
    const changes = await forEachChange(async (nth) => {
      const store = await filledStore();
      const all = await linesBelow(store.root);
      const wasKilled = await isKilled(store, "clean", nth, moment);

      const live = await linesBelow(store.root);
      expect([...live, ...(await linesBelow(store.archive))]).toEqual(expect.arrayContaining(all));
      const read = await idsRead(store);
      expect(new Set(read).size).toBe(read.length);
      expect(read).toEqual(expect.arrayContaining(all.filter(isKept).filter(isRecord).map(idOf)));

      // Nothing but the dead process's identity tells that its lock is not held any more.
      expect(await applyPlan(await planClean(store, policyOf(store)))).toMatchObject({ complete: true });
      const afterwards = await linesBelow(store.root);
      expect(afterwards).toEqual(all.filter(isKept));
      expect([...afterwards, ...(await linesBelow(store.archive))].sort()).toEqual(all);
      expect(await idsRead(store)).toEqual(all.filter(isKept).filter(isRecord).map(idOf).sort());
      return wasKilled;
    });
    expect(changes).toBeGreaterThan(40);
  });

  it("while it restores loses and doubles nothing, and restoring again brings all back", {
    timeout: 240_000,
  }, async () => {
    const changes = await forEachChange(async (nth) => {
      const store = await filledStore();
      const all = await linesBelow(store.root);
      await applyPlan(await planClean(store, policyOf(store)));
      const archived = await linesBelow(store.archive);
      const wasKilled = await isKilled(store, "restore", nth, moment);

      const meanwhile = await idsRead(store);
      expect(new Set(meanwhile).size).toBe(meanwhile.length);
      expect(await linesBelow(store.archive)).toEqual(archived);
      expect(await restore(store)).toMatchObject({ complete: true });
      expect(await linesBelow(store.root)).toEqual(all);
      expect(await idsRead(store)).toEqual(all.filter(isRecord).map(idOf).sort());
      return wasKilled;
    });
    expect(changes).toBeGreaterThan(15);
  });
});
