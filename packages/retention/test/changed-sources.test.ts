import { appendFile, open, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { faultyFileSystem } from "@prodigy-events/test-kit";
import { describe, expect, it } from "vitest";
import { applyPlan, planClean } from "./support/clean.js";
import { linesOf, recordLine } from "./support/lines.js";
import { hourMs, linesBelow, nowMs, quickFileSystem, TestStore } from "./support/test-store.js";

const policy = { olderThanMs: 3 * hourMs };
const [first, second, third] = linesOf("aaaa", [9, 8, 1]) as [string, string, string];
const late = recordLine({ at: nowMs, id: "late" });

const archiving = (store: TestStore) => ({ ...policy, archive: { directory: store.archive } });

async function logOf(directory: string): Promise<Record<string, unknown>[]> {
  const text = await readFile(join(directory, ".clean", "log"), "utf8");
  return text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}

describe("a source that is not what was planned for", () => {
  it.each<[string, (path: string) => Promise<unknown>]>([
    ["has grown", (path) => appendFile(path, late)],
    ["was touched", (path) => utimes(path, 1, 1)],
    [
      "was replaced by an equal file",
      async (path) => {
        const { atimeMs, mtimeMs } = await stat(path);
        await writeFile(`${path}.new`, await readFile(path));
        await utimes(`${path}.new`, atimeMs / 1000, mtimeMs / 1000);
        await rename(`${path}.new`, path);
      },
    ],
    ["is gone", (path) => rm(path)],
  ])("is skipped when it %s, and stays as it is", async (_, change) => {
    for (const content of [first + second, first + third]) {
      const store = await TestStore.create();
      const path = await store.segment({ producerId: "aaaa", content });
      const plan = await planClean(store, archiving(store));
      await change(path);
      const before = await linesBelow(store.root);
      const report = await applyPlan(plan);
      expect(report).toMatchObject({
        complete: false,
        outcomes: [{ status: "skipped", skipReason: "changed", path }],
      });
      expect(await linesBelow(store.root)).toEqual(before);
      expect(await linesBelow(store.archive)).toEqual([]);
    }
  });

  it.each([
    ["removed", first + second],
    ["rewritten", first + third],
  ])(
    "is noticed even when it changes while it is archived, just before it would be %s",
    async (_, content) => {
      const store = await TestStore.create();
      const path = await store.segment({ producerId: "aaaa", content });
      const run = () => appendFile(path, late);
      const disk = faultyFileSystem(quickFileSystem, [{ operation: "link", nth: 2, run }]);
      const report = await applyPlan(await planClean(store, archiving(store)), { fs: disk.fs });
      expect(report.outcomes).toMatchObject([{ status: "skipped", skipReason: "changed" }]);
      expect(await readFile(path, "utf8")).toBe(content + late);
    },
  );

  it.each([
    ["removed", first + second],
    ["cut", first + third],
  ])(
    "leaves no copy in the archive when it is renamed while it is archived, just before it would be %s",
    async (_, content) => {
      const store = await TestStore.create();
      const path = await store.segment({ producerId: "aaaa", content });
      const renamed = `${path}.rotated`;
      const run = () => rename(path, renamed);
      const disk = faultyFileSystem(quickFileSystem, [{ operation: "link", nth: 2, run }]);
      const report = await applyPlan(await planClean(store, archiving(store)), { fs: disk.fs });
      expect(report.outcomes).toMatchObject([{ status: "skipped", skipReason: "changed" }]);
      expect(await readFile(renamed, "utf8")).toBe(content);
      expect(await linesBelow(store.archive)).toEqual([]);
    },
  );

  it("is skipped, and the clean goes on, when it vanishes while it is read", async () => {
    const store = await TestStore.create();
    const path = await store.segment({ producerId: "aaaa", content: first + second });
    const other = await store.segment({ producerId: "bbbb", content: first + second });
    const plan = await planClean(store, archiving(store));
    let opened = 0;
    const fs = {
      ...quickFileSystem,
      open: async (name: string, flags: number, mode?: number) => {
        // The second look at it is that of the archive.
        if (name === path && ++opened === 2) await rename(path, `${path}.rotated`);
        return quickFileSystem.open(name, flags, mode);
      },
    };
    const report = await applyPlan(plan, { fs });
    expect(report.outcomes).toMatchObject([
      { status: "skipped", skipReason: "changed", path },
      { status: "done", path: other },
    ]);
    expect(await readFile(`${path}.rotated`, "utf8")).toBe(first + second);
  });

  it("keeps the copy of a segment that nobody has any more", async () => {
    const store = await TestStore.create();
    const path = await store.segment({ producerId: "aaaa", content: first + second });
    const disk = faultyFileSystem(quickFileSystem, [{ operation: "link", nth: 2, run: () => rm(path) }]);
    const report = await applyPlan(await planClean(store, archiving(store)), { fs: disk.fs });
    expect(report.outcomes).toMatchObject([{ status: "skipped", skipReason: "changed" }]);
    expect(await linesBelow(store.archive)).toHaveLength(2);
  });

  it.each([
    ["goes whole", first + second, "holds (records 1, other lines 1,"],
    ["is cut", first + third, "is (records 0, other lines 1,"],
  ])(
    "stops the clean when it has other lines than counted although nothing shows that, and %s",
    async (_, content, message) => {
      const store = await TestStore.create();
      const path = await store.segment({ producerId: "aaaa", content });
      await store.segment({ producerId: "bbbb", content });
      const plan = await planClean(store, archiving(store));
      const { atimeMs, mtimeMs } = await stat(path);
      const file = await open(path, "r+");
      await file.write("!", content.length - 2); // no JSON any more, and not a byte longer
      await file.close();
      await utimes(path, atimeMs / 1000, mtimeMs / 1000);

      const report = await applyPlan(plan);
      expect(report.outcomes).toMatchObject([
        { status: "failed", error: { code: "NOT_CONSERVED", message: expect.stringContaining(message) } },
        { status: "skipped", skipReason: "not-attempted" },
      ]);
      expect(await readFile(path, "utf8")).toBe(`${content.slice(0, -2)}!\n`);
      expect(await linesBelow(store.archive)).toEqual([]);
      expect((await logOf(store.directory())).at(-1)).toMatchObject({
        action: "failed",
        segment: expect.stringContaining("aaaa"),
      });
    },
  );
});
