import { chmod, stat } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { RetentionPlan } from "../src/index.js";
import { applyPlan, planClean } from "./support/clean.js";
import { linesOf } from "./support/lines.js";
import { hourMs, linesBelow, nowMs, quickFileSystem, TestStore } from "./support/test-store.js";

const policy = { olderThanMs: 3 * hourMs };
const [first, second, third] = linesOf("aaaa", [9, 8, 1]) as [string, string, string];

async function plannedStore(
  content: string,
): Promise<{ store: TestStore; plan: RetentionPlan; path: string }> {
  const store = await TestStore.create();
  const path = await store.segment({ producerId: "aaaa", content });
  return { store, path, plan: structuredClone(await planClean(store, policy)) };
}

describe("a plan", () => {
  it("of another version is refused", async () => {
    const { store, plan } = await plannedStore(first);
    await expect(applyPlan({ ...plan, version: 2 as 1 })).rejects.toMatchObject({
      name: "RetentionError",
      code: "BAD_PLAN",
      message: "the plan was made by another version of this program; plan again",
    });
    expect(await linesBelow(store.root)).toEqual([first]);
  });

  it("for a store that others can reach is refused, with what to do", async () => {
    const { store, plan } = await plannedStore(first);
    const { root } = store;
    await chmod(root, 0o755);
    await expect(applyPlan(plan)).rejects.toMatchObject({
      code: "ROOT_NOT_PRIVATE",
      path: root,
      message: `other users can reach ${root} (mode 0755); run 'chmod 700 ${root}', or use --force`,
    });
  });

  it("for a store of another user is refused, with what to do", async () => {
    const { store, plan } = await plannedStore(first);
    const { root } = store;
    const fs = {
      ...quickFileSystem,
      stat: async (path: string) => Object.assign(await stat(path), { uid: 4_000_000 }),
    };
    await expect(applyPlan(plan, { fs })).rejects.toMatchObject({
      code: "ROOT_NOT_PRIVATE",
      path: root,
      message: `${root} belongs to another user; run this as that user, or use --force`,
    });
  });

  it("without a store is carried out where its files are", async () => {
    const store = await TestStore.create();
    const path = await store.file(join(store.outside, "foreign.jsonl"), { content: first });
    const { root: _, ...plan } = await planClean(store, policy, { files: [path] });
    await chmod(store.outside, 0o755);
    expect(await applyPlan(plan)).toMatchObject({ complete: true });
    expect(await linesBelow(store.outside)).toEqual([]);
  });

  it.each<[string, (plan: RetentionPlan) => unknown]>([
    ["without any file", ({ segments }) => segments[0]!.files.pop()],
    ["with a file on another device", ({ segments }) => (segments[0]!.files[0]!.dev += 1)],
    ["with another file of that name", ({ segments }) => (segments[0]!.files[0]!.ino += 1)],
  ])("for a segment %s skips it", async (_, change) => {
    for (const content of [first + second, first + third]) {
      const { store, plan } = await plannedStore(content);
      change(plan);
      expect((await applyPlan(plan)).outcomes).toMatchObject([{ status: "skipped", skipReason: "changed" }]);
      expect((await linesBelow(store.root)).join("")).toBe(content);
    }
  });

  it.each<[string, (plan: RetentionPlan) => unknown]>([
    ["on another device", ({ segments }) => (segments[0]!.files[0]!.dev += 1)],
    ["another file of that name", ({ segments }) => (segments[0]!.files[0]!.ino += 1)],
  ])("does not set a shared file aside that is %s", async (_, change) => {
    const store = await TestStore.create();
    const path = join(store.directory(), "events-shared.jsonl");
    await store.file(path, { content: first + third, writtenAtMs: nowMs - 1000 });
    const plan = structuredClone(await planClean(store, policy));
    expect(plan.segments).toMatchObject([{ action: "set-aside" }]);
    change(plan);
    expect((await applyPlan(plan)).outcomes).toMatchObject([
      { action: "set-aside", status: "skipped", skipReason: "changed" },
    ]);
    expect((await stat(path)).isFile()).toBe(true);
  });
});

describe("a mistake of the program itself", () => {
  it("is thrown, not reported as a failure of the disk, and no lock stays behind", async () => {
    const store = await TestStore.create();
    await store.file(join(store.directory(), "events-shared.jsonl"), { content: first + third });
    const plan = await planClean(store, policy);
    const mistake = new TypeError("undefined is not a function");
    let listed = 0;
    const fs = {
      ...quickFileSystem,
      readdir: async (path: string) => {
        // The first time is that of the look for what an interrupted clean left.
        if (path === store.directory() && ++listed === 2) throw mistake;
        return quickFileSystem.readdir(path);
      },
    };
    await expect(applyPlan(plan, { fs })).rejects.toBe(mistake);
    expect(await applyPlan(plan)).toMatchObject({ complete: true });
  });
});
