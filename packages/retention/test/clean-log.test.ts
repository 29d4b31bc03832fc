import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { faultyFileSystem } from "@prodigy-events/test-kit";
import { describe, expect, it } from "vitest";
import { applyPlan, planClean } from "./support/clean.js";
import { linesOf, recordLine } from "./support/lines.js";
import { hourMs, linesBelow, nowMs, quickFileSystem, TestStore } from "./support/test-store.js";

const policy = { olderThanMs: 3 * hourMs };
const [first, second] = linesOf("aaaa", [9, 8, 1]) as [string, string, string];

const archiving = (store: TestStore) => ({ ...policy, archive: { directory: store.archive } });

async function logOf(directory: string): Promise<Record<string, unknown>[]> {
  const text = await readFile(join(directory, ".clean", "log"), "utf8");
  return text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}

describe("the log of a directory", () => {
  it("tells what went, where to, and which sequence numbers", async () => {
    const store = await TestStore.create();
    await store.segment({ producerId: "aaaa", content: first + second });
    await store.segment({ producerId: "bbbb", content: linesOf("bbbb", [9, 8, 1]).join("") });
    await applyPlan(await planClean(store, archiving(store)));
    expect(await logOf(store.directory())).toEqual([
      {
        action: "remove",
        at: new Date(nowMs).toISOString(),
        segment: "events-20260601_070000_000-aaaa.jsonl",
        lines: 2,
        bytes: first.length + second.length,
        ranges: [{ producerId: "aaaa", first: 0, last: 1 }],
        archive: join(store.archive, "repo", "job-1", "events-20260601_070000_000-aaaa.jsonl.rotated.gz"),
      },
      expect.objectContaining({
        action: "rewrite",
        lines: 2,
        ranges: [{ producerId: "bbbb", first: 0, last: 1 }],
      }),
    ]);
  });

  it("names the numbers that a removed record says were dropped", async () => {
    const store = await TestStore.create();
    const at = nowMs - 9 * hourMs;
    const told = recordLine({ at, id: "told", producerId: "aaaa", sequence: 9 });
    const event = '"event":{"event_type":"events_dropped","from_sequence":3,"to_sequence":9,"count":7,';
    const content = [0, 1, 2].map((sequence) =>
      recordLine({ at, id: `${sequence}`, producerId: "aaaa", sequence }),
    );
    await store.segment({
      producerId: "aaaa",
      content: content.join("") + told.replace(/"event":\{"event_type":"[^"]*",?/, event),
    });
    await applyPlan(await planClean(store, policy));
    expect((await logOf(store.directory())).at(-1)).toMatchObject({
      action: "remove",
      lines: 4,
      ranges: [{ producerId: "aaaa", first: 0, last: 9 }],
    });
  });

  it("names the sequence numbers of every producer in a shared file, and none that stayed", async () => {
    const store = await TestStore.create();
    const line = (producerId: string, sequence: number, hours: number) =>
      recordLine({ at: nowMs - hours * hourMs, id: `${producerId}${sequence}`, producerId, sequence });
    const content = [
      line("bbbb", 0, 9),
      line("aaaa", 3, 8),
      line("bbbb", 1, 1),
      line("aaaa", 4, 7),
      line("bbbb", 7, 6),
    ].join("");
    await store.file(join(store.directory(), "events-shared.jsonl"), { content });
    await applyPlan(await planClean(store, policy));
    expect((await logOf(store.directory())).at(-1)).toMatchObject({
      ranges: [
        { producerId: "aaaa", first: 3, last: 4 },
        { producerId: "bbbb", first: 0, last: 0 },
        { producerId: "bbbb", first: 7, last: 7 },
      ],
    });
  });

  it("waits on a full disk until clean has made room", async () => {
    const store = await TestStore.create();
    await store.segment({ producerId: "aaaa", content: first + second });
    const disk = faultyFileSystem(quickFileSystem, [
      { operation: "write", path: /\.clean\/lock$/, error: "ENOSPC" },
      { operation: "write", path: /\.clean\/log$/, error: "ENOSPC" },
    ]);
    expect(await applyPlan(await planClean(store, policy), { fs: disk.fs })).toMatchObject({
      complete: true,
      warnings: [],
    });
    expect(await linesBelow(store.root)).toEqual([]);
    expect(await logOf(store.directory())).toMatchObject([{ action: "remove", lines: 2 }]);
  });

  it("waits also when there is not even room for its directory, and clean works without a lock then", async () => {
    const store = await TestStore.create();
    for (const producerId of ["aaaa", "bbbb"]) await store.segment({ producerId, content: first + second });
    const disk = faultyFileSystem(quickFileSystem);
    for (const nth of [1, 2]) disk.add({ operation: "mkdir", path: /\.clean$/, nth, error: "ENOSPC" });
    const report = await applyPlan(await planClean(store, policy), { fs: disk.fs });
    expect(report).toMatchObject({ complete: true, warnings: [] });
    expect(await linesBelow(store.root)).toEqual([]);
    expect(await logOf(store.directory())).toMatchObject([{ action: "remove" }, { action: "remove" }]);
    expect(await readdir(join(store.directory(), ".clean"))).toEqual(["log"]);
  });

  it("is missed with a warning when there is no room for it even then", async () => {
    const store = await TestStore.create();
    await store.segment({ producerId: "aaaa", content: first + second });
    const disk = faultyFileSystem(quickFileSystem, [
      { operation: "write", path: /\.clean\/log$/, error: "ENOSPC", times: "from then on" },
    ]);
    const report = await applyPlan(await planClean(store, policy), { fs: disk.fs });
    expect(report).toMatchObject({ complete: true, warnings: [expect.stringContaining("no space left")] });
  });

  it("goes on after a line that a crash cut off", async () => {
    const store = await TestStore.create();
    await store.segment({ producerId: "aaaa", content: first + second });
    await mkdir(join(store.directory(), ".clean"));
    await writeFile(join(store.directory(), ".clean", "log"), '{"action":"rem');
    await applyPlan(await planClean(store, policy));
    const lines = (await readFile(join(store.directory(), ".clean", "log"), "utf8")).split("\n");
    expect([lines[0], JSON.parse(lines[1]!).action, lines[2]]).toEqual(['{"action":"rem', "remove", ""]);
  });
});
