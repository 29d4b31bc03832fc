import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { socketName } from "@prodigy-events/storage";
import { describe, expect, it } from "vitest";
import { restoreArchive } from "../src/index.js";
import { applyPlan, planClean } from "./support/clean.js";
import { linesOf } from "./support/lines.js";
import { allows, Running } from "./support/running.js";
import { hourMs, linesBelow, TestStore } from "./support/test-store.js";

const policy = { olderThanMs: 3 * hourMs };
const [old] = linesOf("aaaa", [9]) as [string];
const otherUser = ["setpriv", "--reuid", "65534", "--clear-groups"];

async function oldStore(): Promise<TestStore> {
  const store = await TestStore.create();
  await store.segment({ producerId: "aaaa", content: old });
  return store;
}

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
    const socket = socketName("clean", store.root).replace("\0", "@").replace(/\.+$/, "");
    const message =
      prefix.length === 0
        ? `process ${squatter.child.pid} is cleaning or restoring in ${store.root} (it holds ${socket}); wait until it has ended, or end it`
        : `process ${squatter.child.pid} of user 65534 holds ${socket}, the lock of ${store.root}; nothing was changed. Logging goes on; have that process ended ('ss -xlp' lists it) and run this again`;
    const refusal = { code: "LOCKED", path: store.root, message };
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

  it("does not stop a clean that has nothing to do", async () => {
    const store = await oldStore();
    const squatter = new Running("squat", [store.root]);
    await squatter.line();
    const plan = await planClean(store, { olderThanMs: 1_000 * hourMs });
    expect(await applyPlan(plan)).toMatchObject({ complete: true, outcomes: [] });
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
