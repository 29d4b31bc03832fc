import { appendFile, open, readFile, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { faultyFileSystem } from "@prodigy-events/test-kit";
import { describe, expect, it } from "vitest";
import { applyPlan, planClean } from "./support/clean.js";
import { linesOf, recordLine } from "./support/lines.js";
import {
  contentsBelow,
  hourMs,
  linesBelow,
  nowMs,
  quickFileSystem,
  TestStore,
} from "./support/test-store.js";

const policy = { olderThanMs: 3 * hourMs };
const [first, second, third] = linesOf("aaaa", [9, 8, 1]) as [string, string, string];
const late = recordLine({ at: nowMs, id: "late" });

describe("a shared file", () => {
  const shared = (store: TestStore) => join(store.directory(), "events-shared.jsonl");

  it("is given a closed name first, so that appenders begin a new one, and is then cleaned like any segment", async () => {
    const store = await TestStore.create();
    await store.file(shared(store), { content: `${first}bad\n${third}` });
    const report = await applyPlan(await planClean(store, policy));
    const aside = join(store.directory(), "events-shared-20260601_120000_000.jsonl.rotated");
    expect(report.outcomes).toMatchObject([{ status: "done", path: shared(store), keptPath: aside }]);
    expect([...(await contentsBelow(store.root)).entries()]).toEqual([[aside, Buffer.from(`bad\n${third}`)]]);
  });

  it("is only set aside when it is in use; the next clean works on it", async () => {
    const store = await TestStore.create();
    await store.file(shared(store), { content: first + third, writtenAtMs: nowMs - 1000 });
    const plan = await planClean(store, policy);
    expect(plan.segments).toMatchObject([
      { action: "set-aside", keepReason: "recently-closed", removed: { records: 0 } },
    ]);
    await appendFile(shared(store), late); // it is in use, after all
    expect(await applyPlan(plan)).toMatchObject({ complete: true });
    expect(await linesBelow(store.root)).toEqual([first, third, late].sort());

    await writeFile(shared(store), second);
    const [aside] = [...(await contentsBelow(store.root)).keys()];
    await utimes(aside!, (nowMs - hourMs) / 1000, (nowMs - hourMs) / 1000);
    await utimes(shared(store), nowMs / 1000, nowMs / 1000);
    expect((await planClean(store, policy)).segments).toMatchObject([
      { action: "rewrite" },
      { action: "set-aside" },
    ]);
  });

  it.each<[string, string, "unlink" | "rename", RegExp]>([
    ["goes whole", first + second, "unlink", /events-shared-.*rotated$/],
    ["is cut", first + third, "rename", /\.clean\/\.events-shared-/],
  ])(
    "loses no line that an appender adds at the last moment when it %s",
    async (_, content, operation, path) => {
      const store = await TestStore.create();
      await store.file(shared(store), { content });
      const appender = await open(shared(store), "a"); // it has looked at the name, and is about to write
      const disk = faultyFileSystem(quickFileSystem, [
        { operation, path, run: () => appender.appendFile(late) },
      ]);
      expect(await applyPlan(await planClean(store, policy), { fs: disk.fs })).toMatchObject({
        complete: true,
      });
      await appender.close();
      expect(disk.calls.some(({ injected }) => injected === "run")).toBe(true);
      expect(await linesBelow(store.root)).toEqual(
        [late, ...(content.includes(third) ? [third] : [])].sort(),
      );
    },
  );

  it("keeps the lines of a plain file that the user named, also those added at the last moment", async () => {
    const store = await TestStore.create();
    const path = await store.file(join(store.outside, "foreign.jsonl"), { content: first + third });
    const run = () => appendFile(path, late);
    const disk = faultyFileSystem(quickFileSystem, [
      { operation: "rename", path: /\.clean\/\.foreign/, run },
    ]);
    await applyPlan(await planClean(store, policy, { files: [path] }), { fs: disk.fs });
    expect(await readFile(path, "utf8")).toBe(third);
    expect(await linesBelow(store.outside)).toEqual([third, late].sort());
  });
});
