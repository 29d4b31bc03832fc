import { rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { faultyFileSystem } from "@prodigy-events/test-kit";
import { describe, expect, it } from "vitest";
import { applyPlan, planClean } from "./support/clean.js";
import { linesOf } from "./support/lines.js";
import { hourMs, minuteMs, nowMs, quickFileSystem, TestStore } from "./support/test-store.js";

const policy = { olderThanMs: 3 * hourMs };
const [first, second, third] = linesOf("aaaa", [9, 8, 1]) as [string, string, string];
const nothing = { records: 0, malformed: 0, bytes: 0 };

/** What lines come to. */
function amountOf(...lines: string[]) {
  const malformed = lines.filter((line) => !line.startsWith("{")).length;
  return { records: lines.length - malformed, malformed, bytes: lines.join("").length };
}

describe("the report of a clean", () => {
  it("says for each segment what it held, what stayed, what went and where it is now, and sums that up", async () => {
    const store = await TestStore.create();
    const whole = await store.segment({ producerId: "aaaa", content: first + second });
    const cut = await store.segment({ producerId: "bbbb", content: `${first}bad\n${third}` });
    const name = "events-20260601_070000_000-aaaa.jsonl";
    const report = await applyPlan(
      await planClean(store, { ...policy, archive: { directory: store.archive } }),
    );
    const freedBytes = first.length * 2 + second.length;
    expect(report).toStrictEqual({
      complete: true,
      outcomes: [
        {
          path: whole,
          action: "remove",
          status: "done",
          before: amountOf(first, second),
          kept: nothing,
          removed: amountOf(first, second),
          freedBytes: first.length + second.length,
          archivePath: join(store.archive, "repo", "job-1", `${name}.rotated.gz`),
        },
        {
          path: cut,
          action: "rewrite",
          status: "done",
          before: amountOf(first, "bad\n", third),
          kept: amountOf("bad\n", third),
          removed: amountOf(first),
          freedBytes: first.length,
          archivePath: expect.stringMatching(/-bbbb\.part-[0-9a-f]+\.jsonl\.rotated\.gz$/),
        },
      ],
      warnings: [],
      conserved: true,
      totals: {
        before: amountOf(first, second, first, "bad\n", third),
        kept: amountOf("bad\n", third),
        removed: amountOf(first, second, first),
        archived: amountOf(first, second, first),
        deleted: nothing,
        freedBytes,
        done: 2,
        skipped: 0,
        failed: 0,
      },
    });
    expect((await stat(report.outcomes[1]!.archivePath!)).isFile()).toBe(true);
  });

  it("calls deleted what was not archived, and names no archive then", async () => {
    const store = await TestStore.create();
    const path = await store.segment({ producerId: "aaaa", content: first + second });
    const cut = await store.segment({ producerId: "bbbb", content: first + third });
    const removed = amountOf(first, second);
    const report = await applyPlan(await planClean(store, policy));
    expect(report.outcomes).toStrictEqual([
      {
        ...{ path, action: "remove", status: "done", before: removed, kept: nothing, removed },
        freedBytes: removed.bytes,
      },
      {
        ...{ path: cut, action: "rewrite", status: "done", before: amountOf(first, third) },
        ...{ kept: amountOf(third), removed: amountOf(first), freedBytes: first.length },
      },
    ]);
    expect(report.totals).toMatchObject({
      removed: amountOf(first, second, first),
      archived: nothing,
      deleted: amountOf(first, second, first),
    });
  });

  it("counts what was done, skipped and failed each for itself", async () => {
    const store = await TestStore.create();
    const paths: string[] = [];
    for (const producerId of ["aaaa", "bbbb", "cccc", "dddd", "eeee", "ffff"])
      paths.push(await store.segment({ producerId, content: first }));
    const plan = await planClean(store, policy);
    await rm(paths[1]!);
    const disk = faultyFileSystem(quickFileSystem, [
      { operation: "unlink", path: paths[3]!, error: "EACCES" },
    ]);
    const report = await applyPlan(plan, { fs: disk.fs });
    const none = { before: nothing, kept: nothing, removed: nothing, freedBytes: 0 };
    const [one, two, three, four, five, six] = paths.map((path) => ({ path, action: "remove" }));
    const done = { status: "done", before: amountOf(first), kept: nothing, removed: amountOf(first) };
    expect(report).toStrictEqual({
      complete: false,
      outcomes: [
        { ...one, ...done, freedBytes: first.length },
        { ...two, status: "skipped", skipReason: "changed", ...none },
        { ...three, ...done, freedBytes: first.length },
        {
          ...{ ...four, status: "failed", ...none },
          error: {
            code: "EACCES",
            message: `cannot remove ${paths[3]}: permission denied (EACCES); check the owner and mode of the file and of every directory above it`,
          },
        },
        { ...five, status: "skipped", skipReason: "not-attempted", ...none },
        { ...six, status: "skipped", skipReason: "not-attempted", ...none },
      ],
      warnings: [],
      conserved: true,
      totals: {
        before: amountOf(first, first),
        kept: nothing,
        removed: amountOf(first, first),
        archived: nothing,
        deleted: amountOf(first, first),
        freedBytes: 2 * first.length,
        done: 2,
        skipped: 3,
        failed: 1,
      },
    });
  });

  it("says where a shared file is that was only set aside, with nothing freed", async () => {
    const store = await TestStore.create();
    const path = join(store.directory(), "events-shared.jsonl");
    await store.file(path, { content: first + third, writtenAtMs: nowMs - minuteMs / 2 });
    const report = await applyPlan(await planClean(store, policy));
    const before = amountOf(first, third);
    expect(report.outcomes).toStrictEqual([
      {
        ...{ path, action: "set-aside", status: "done", before, kept: before, removed: nothing },
        ...{ freedBytes: 0 },
        keptPath: join(store.directory(), "events-shared-20260601_120000_000.jsonl.rotated"),
      },
    ]);
  });

  it("is empty and complete when nothing was to be done", async () => {
    const store = await TestStore.create();
    await store.segment({ producerId: "aaaa", content: third });
    expect(await applyPlan(await planClean(store, policy))).toStrictEqual({
      complete: true,
      outcomes: [],
      warnings: [],
      conserved: true,
      totals: {
        ...{ before: nothing, kept: nothing, removed: nothing, archived: nothing, deleted: nothing },
        ...{ freedBytes: 0, done: 0, skipped: 0, failed: 0 },
      },
    });
  });
});
