import { rename } from "node:fs/promises";
import { faultyFileSystem } from "@prodigy-events/test-kit";
import { describe, expect, it } from "vitest";
import { applyPlan, planClean } from "./support/clean.js";
import { linesOf } from "./support/lines.js";
import { contentsBelow, hourMs, linesBelow, quickFileSystem, TestStore } from "./support/test-store.js";

const policy = { olderThanMs: 3 * hourMs };
const [first, second, third] = linesOf("aaaa", [9, 8, 1]) as [string, string, string];

const archiving = (store: TestStore) => ({ ...policy, archive: { directory: store.archive } });

describe("the order of the steps", () => {
  /** The calls that change something, or make a change durable, with the name of the file or directory. */
  async function stepsOf(content: string): Promise<string[]> {
    const store = await TestStore.create();
    await store.segment({ producerId: "aaaa", content });
    const disk = faultyFileSystem(quickFileSystem);
    await applyPlan(await planClean(store, archiving(store)), { fs: disk.fs });
    return disk.calls
      .filter(
        ({ operation, path }) => /^(fsync|rename|link|unlink|lstat)$/.test(operation) && path !== undefined,
      )
      .map(({ operation, path, args }) => {
        const text = (operation === "link" || operation === "rename" ? String(args[1]) : path!).replace(
          /[0-9a-f]{12,16}/,
          "#",
        );
        return `${operation} ${text.slice(text.startsWith(store.root) ? store.root.length : store.archive.length - "/archive".length)}`;
      });
  }
  const live = "/events/repo/job-1";
  const archived = "/archive/repo/job-1";
  const name = "events-20260601_070000_000-aaaa";

  it("is, for a segment that goes: durable copy, look at the source, durable log, unlink, durable directory", async () => {
    const steps = await stepsOf(first + second);
    const start = steps.indexOf(`link ${archived}/${name}.jsonl.rotated.gz`);
    expect(steps.slice(0, start)).toContain(`rename ${archived}/.${name}.jsonl.#.tmp`); // compressed, durable, read back
    expect(steps.slice(start)).toEqual([
      `link ${archived}/${name}.jsonl.rotated.gz`,
      `fsync ${archived}`,
      `unlink ${archived}/.${name}.jsonl.#.tmp`,
      `unlink ${archived}/.${name}.jsonl.#.tmp`,
      `lstat ${live}/${name}.jsonl`,
      `lstat ${live}/.clean/lock`,
      `lstat ${live}/.clean`,
      `fsync ${live}/.clean/log`,
      `fsync ${live}/.clean`,
      `unlink ${live}/${name}.jsonl`,
      `fsync ${live}`,
      `unlink ${live}/.manifest/${name}.jsonl.json`,
      `unlink ${live}/.index/${name}.jsonl.idx`,
      `lstat ${live}/.clean/lock`,
      `unlink ${live}/.clean/lock`,
    ]);
  });

  it("is, for a segment that is cut: durable rest and copy, look at the source, durable log and manifest, rename, durable directory", async () => {
    const steps = await stepsOf(first + third);
    const start = steps.indexOf(`link ${archived}/${name}.part-#.jsonl.rotated.gz`);
    expect(steps.slice(0, start)).toContain(`fsync ${live}/.clean/.${name}.jsonl.#.tmp`);
    const done = steps.lastIndexOf(`fsync ${live}`);
    expect(steps.slice(start, done + 1)).toEqual([
      `link ${archived}/${name}.part-#.jsonl.rotated.gz`,
      `fsync ${archived}`,
      `unlink ${archived}/.${name}.jsonl.#.tmp`,
      `unlink ${archived}/.${name}.jsonl.#.tmp`,
      `lstat ${live}/${name}.jsonl`,
      `lstat ${live}/.clean/lock`,
      `lstat ${live}/.clean`,
      `fsync ${live}/.clean/log`,
      `fsync ${live}/.clean`,
      `fsync ${live}`, // the directory of manifests is new
      `fsync ${live}/.manifest/.${name}.jsonl.json.#.tmp`,
      `rename ${live}/.manifest/${name}.jsonl.json`,
      `fsync ${live}/.manifest`,
      `lstat ${live}/.clean/.${name}.jsonl.#.tmp`,
      `lstat ${live}/${name}.jsonl`,
      `rename ${live}/${name}.jsonl`,
      `fsync ${live}`,
    ]);
  });

  it("leaves alone a segment that a recovering writer renames during the last of them", async () => {
    const store = await TestStore.create();
    const path = await store.segment({ producerId: "aaaa", content: first + third });
    const run = () => rename(path, `${path}.rotated`);
    const disk = faultyFileSystem(quickFileSystem, [{ operation: "rename", path: /\.manifest/, run }]);
    expect((await applyPlan(await planClean(store, policy), { fs: disk.fs })).outcomes).toMatchObject([
      { skipReason: "changed" },
    ]);
    expect([...(await contentsBelow(store.root)).keys()]).toEqual([`${path}.rotated`]);
    expect(await applyPlan(await planClean(store, policy))).toMatchObject({ complete: true });
    expect(await linesBelow(store.root)).toEqual([third]);
  });

  it("makes a copy durable that an interrupted clean had left in the archive, before it relies on it", async () => {
    const store = await TestStore.create();
    await store.segment({ producerId: "aaaa", content: first + second });
    const plan = await planClean(store, archiving(store));
    const broken = faultyFileSystem(quickFileSystem, [
      { operation: "link", path: /archive/, error: "EIO", when: "after" },
    ]);
    expect(await applyPlan(plan, { fs: broken.fs })).toMatchObject({ complete: false });
    const disk = faultyFileSystem(quickFileSystem);
    expect(await applyPlan(plan, { fs: disk.fs })).toMatchObject({ complete: true });
    const steps = disk.calls.map(({ operation, path }) => `${operation} ${path}`);
    const place = `${store.archive}/repo/job-1`;
    const removal = steps.indexOf(`unlink ${store.directory()}/${name}.jsonl`);
    expect(steps.slice(0, removal)).toEqual(
      expect.arrayContaining([`fsync ${place}/${name}.jsonl.rotated.gz`, `fsync ${place}`]),
    );
    expect(steps.some((step) => step.startsWith(`link ${store.archive}`))).toBe(false);
  });
});
