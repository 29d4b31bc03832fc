import { stat } from "node:fs/promises";
import { join } from "node:path";
import { openStore } from "@prodigy-events/query";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { scopeOfStore } from "../src/index.js";
import { applyPlan, planClean, plannedFor } from "./support/clean.js";
import { linesOf, recordLine } from "./support/lines.js";
import { randomFiles, writeFiles } from "./support/random-store.js";
import { hourMs, linesBelow, nowMs, TestStore } from "./support/test-store.js";

/** The ids of all records in the store, sorted. */
async function idsIn(store: TestStore): Promise<string[]> {
  return (await linesBelow(store.root)).map((line) => JSON.parse(line).id).sort();
}

describe("olderThanMs", () => {
  it("removes what is older and keeps what is exactly that old, to the nanosecond and in whatever time zone", async () => {
    const store = await TestStore.create();
    const at = (timestamp: string, id: string) => recordLine({ at: timestamp, id });
    await store.file(join(store.directory(), "foreign.jsonl"), {
      form: "rotated",
      content: [
        at("2026-06-01T11:00:00Z", "exactly"),
        at("2026-06-01T13:00:00+02:00", "exactly-elsewhere"),
        at("2026-06-01T10:59:59.999999999Z", "one-nanosecond-older"),
        at("2026-06-01T11:00:00.000000001Z", "one-nanosecond-younger"),
        at("2026-06-01T12:59:59+02:00", "older-elsewhere"),
        at("2099-01-01T00:00:00Z", "from-the-future"),
        at("1969-12-31T23:59:59.9999Z", "before-the-epoch"),
      ].join(""),
    });
    const plan = await planClean(store, { olderThanMs: hourMs });
    expect(plan.totals.removed.records).toBe(3);
    await applyPlan(plan);
    expect(await idsIn(store)).toEqual([
      "exactly",
      "exactly-elsewhere",
      "from-the-future",
      "one-nanosecond-younger",
    ]);
  });

  it("takes fractions of a millisecond as they are", async () => {
    const store = await TestStore.create();
    const content = ["2026-06-01T11:59:59.999999Z", "2026-06-01T11:59:59.999000Z"].map((at) =>
      recordLine({ at, id: at.slice(20, 26) }),
    );
    await store.file(join(store.directory(), "foreign.jsonl"), {
      form: "rotated",
      content: content.join(""),
    });
    await applyPlan(await planClean(store, { olderThanMs: 0.5 }));
    expect(await idsIn(store)).toEqual(["999999"]);
  });
});

describe("maxEvents", () => {
  it("keeps the newest over all segments together", async () => {
    const store = await TestStore.create();
    await store.segment({ producerId: "aaaa", content: linesOf("aaaa", [9, 5, 1]).join("") });
    await store.segment({
      producerId: "bbbb",
      content: linesOf("bbbb", [8, 4]).join(""),
      jobId: "job-2",
      form: "gz",
    });
    await applyPlan(await planClean(store, { maxEvents: 3 }));
    expect(await idsIn(store)).toEqual(["aaaa-1", "aaaa-2", "bbbb-1"]);
  });

  it("keeps at one instant what comes last by producer, sequence, file and offset", async () => {
    const same = (id: string, ids: object = {}) => recordLine({ at: nowMs - hourMs, id, ...ids });
    const order = ["f1-0", "f1-1", "f2-0", "a9", "b0", "b1"];
    for (let count = order.length; count >= 1; count -= 1) {
      const store = await TestStore.create();
      await store.segment({ producerId: "aaaa", content: same("a9", { producerId: "aaaa", sequence: 9 }) });
      const b = [0, 1].map((sequence) => same(`b${sequence}`, { producerId: "bbbb", sequence }));
      await store.segment({ producerId: "bbbb", content: b.join("") });
      await store.file(join(store.directory(), "f1.jsonl"), {
        form: "rotated",
        content: same("f1-0") + same("f1-1"),
      });
      await store.file(join(store.directory(), "f2.jsonl"), { form: "rotated", content: same("f2-0") });
      await applyPlan(await planClean(store, { maxEvents: count }));
      expect(await idsIn(store)).toEqual(order.slice(order.length - count).sort());
    }
  });

  it("counts a record that is stored twice once, and keeps or removes both copies", async () => {
    const lines = linesOf("aaaa", [9, 8, 7, 6]);
    for (const [maxEvents, left] of [
      [4, ["aaaa-0", "aaaa-1", "aaaa-1", "aaaa-2", "aaaa-2", "aaaa-3"]],
      [3, ["aaaa-1", "aaaa-1", "aaaa-2", "aaaa-2", "aaaa-3"]],
      [2, ["aaaa-2", "aaaa-2", "aaaa-3"]],
      [1, ["aaaa-3"]],
    ] as const) {
      const store = await TestStore.create();
      const early = lines.slice(0, 3).join("");
      await store.segment({ producerId: "aaaa", content: early, createdAtMs: nowMs - 10 * hourMs });
      await store.segment({
        producerId: "aaaa",
        content: lines.slice(1).join(""),
        createdAtMs: nowMs - 7 * hourMs,
      });
      await applyPlan(await planClean(store, { maxEvents }));
      expect(await idsIn(store)).toEqual(left);
      expect((await planClean(store, { maxEvents })).totals.removed.records).toBe(0);
    }
  });

  it("counts what a living producer wrote, although that cannot go", async () => {
    const store = await TestStore.create();
    await store.segment({ producerId: "aaaa", content: linesOf("aaaa", [2, 1]).join(""), producer: "alive" });
    await store.segment({ producerId: "bbbb", content: linesOf("bbbb", [9, 8]).join("") });
    await applyPlan(await planClean(store, { maxEvents: 3 }));
    expect(await idsIn(store)).toEqual(["aaaa-0", "aaaa-1", "bbbb-1"]);
  });
});

describe("maxBytes", () => {
  const sizeOf = async (paths: readonly string[]) => {
    const sizes = await Promise.all(paths.map(async (path) => (await stat(path)).size));
    return sizes.reduce((sum, size) => sum + size, 0);
  };

  it("removes the oldest lines of plain segments, not one more than needed", async () => {
    const store = await TestStore.create();
    const [a, b] = [linesOf("aaaa", [9, 7, 5]), linesOf("bbbb", [8, 6])];
    const total = [...a, ...b].join("").length;
    await store.segment({ producerId: "aaaa", content: a.join("") });
    await store.segment({ producerId: "bbbb", content: b.join("") });
    const plan = await planClean(store, { maxBytes: total - a[0]!.length - 1 });
    expect(plan.totals).toMatchObject({ removed: { records: 2 }, freedBytes: a[0]!.length + b[0]!.length });
    await applyPlan(plan);
    expect(await idsIn(store)).toEqual(["aaaa-1", "aaaa-2", "bbbb-1"]);
  });

  it("does nothing as long as everything fits, to the byte", async () => {
    const store = await TestStore.create();
    const content = linesOf("aaaa", [9, 8]).join("");
    await store.segment({ producerId: "aaaa", content });
    expect((await planClean(store, { maxBytes: content.length })).totals.removed.records).toBe(0);
    expect((await planClean(store, { maxBytes: content.length - 1 })).totals.removed.records).toBe(1);
  });

  it("takes a compressed segment whole, when its newest record's turn has come", async () => {
    const store = await TestStore.create();
    const compressed = await store.segment({
      producerId: "aaaa",
      content: linesOf("aaaa", [9, 6]).join(""),
      form: "gz",
    });
    const plain = await store.segment({ producerId: "bbbb", content: linesOf("bbbb", [8, 7, 5]).join("") });
    const total = await sizeOf([compressed, plain]);
    const [line] = linesOf("bbbb", [8]);
    // Up to two lines of the plain one are older than the compressed one's newest record.
    expect(
      plannedFor(await planClean(store, { maxBytes: total - line!.length }), "events-20260601_070000_000-a")
        .action,
    ).toBe("keep");
    expect((await planClean(store, { maxBytes: total - 2 * line!.length })).totals.segmentsRemoved).toBe(0);
    const plan = await planClean(store, { maxBytes: total - 2 * line!.length - 1 });
    expect(plan.totals).toMatchObject({ segmentsRemoved: 1, segmentsRewritten: 1, removed: { records: 4 } });
    const { totals } = await applyPlan(plan);
    expect(totals.freedBytes).toBe(plan.totals.freedBytes);
    expect(await sizeOf([plain])).toBe(total - plan.totals.freedBytes);
  });

  it("counts on every stored byte of a compressed segment that goes whole", async () => {
    const store = await TestStore.create();
    const compressed = await store.segment({
      producerId: "aaaa",
      content: linesOf("aaaa", [9, 8]).join(""),
      form: "gz",
    });
    const plain = await store.segment({ producerId: "bbbb", content: linesOf("bbbb", [7, 6]).join("") });
    const plan = await planClean(store, { maxBytes: await sizeOf([plain]) });
    expect(plan.totals).toMatchObject({ removed: { records: 2 }, freedBytes: await sizeOf([compressed]) });
  });

  it("removes all it may when that is not enough", async () => {
    const store = await TestStore.create();
    await store.segment({ producerId: "aaaa", content: linesOf("aaaa", [2, 1]).join(""), producer: "alive" });
    await store.segment({ producerId: "bbbb", content: linesOf("bbbb", [9, 1]).join(""), form: "gz" });
    await store.segment({ producerId: "cccc", content: linesOf("cccc", [9, 0]).join("") });
    await applyPlan(await planClean(store, { maxBytes: 1 }));
    expect(await idsIn(store)).toEqual(["aaaa-0", "aaaa-1"]);
  });

  it("never leaves more than asked, unless nothing more may go", async () => {
    await fc.assert(
      fc.asyncProperty(randomFiles, fc.integer({ min: 1, max: 9000 }), async (files, maxBytes) => {
        const store = await TestStore.create();
        await writeFiles(store, files);
        const plan = await planClean(store, { maxBytes }, { local: true });
        await applyPlan(plan);
        const after = await planClean(store, { maxBytes }, { local: true });
        const mayStillGo = after.segments.filter(
          ({ keepReason, before }) => keepReason === "within-policy" && before.records > 0,
        );
        if (mayStillGo.length > 0) expect(after.totals.storedBytes).toBeLessThanOrEqual(maxBytes);
      }),
      { numRuns: 60 },
    );
  });
});

describe("several limits", () => {
  it("remove together what each would remove alone", async () => {
    const store = await TestStore.create();
    const lines = linesOf("aaaa", [9, 8, 7, 6, 5, 4]);
    await store.segment({ producerId: "aaaa", content: lines.join("") });
    const bytes = lines.join("").length;
    const removes = async (policy: object) => (await planClean(store, policy)).totals.removed.records;
    expect(await removes({ olderThanMs: 7.5 * hourMs })).toBe(2);
    expect(await removes({ maxEvents: 3 })).toBe(3);
    expect(await removes({ maxBytes: bytes - 1 })).toBe(1);
    expect(await removes({ olderThanMs: 7.5 * hourMs, maxEvents: 3, maxBytes: bytes - 1 })).toBe(3);
    expect(await removes({ olderThanMs: 7.5 * hourMs, maxBytes: bytes - 1 })).toBe(2);
    const plan = await planClean(store, { olderThanMs: 20 * hourMs, maxEvents: 3, maxBytes: bytes - 1 });
    expect(plannedFor(plan, "events-2").limits).toEqual(["maxEvents", "maxBytes"]);
  });
});

describe("the scope", () => {
  it("is one job's directory and its records in the local file, when job ids are given", async () => {
    const store = await TestStore.create();
    const at = nowMs - 9 * hourMs;
    await store.segment({
      producerId: "aaaa",
      jobId: "job-1",
      content: recordLine({ at, id: "derived" }) + recordLine({ at, id: "other", jobId: "job-2" }),
    });
    await store.segment({ producerId: "bbbb", jobId: "job-2", content: recordLine({ at, id: "second" }) });
    const local = join(store.outside, ".prodigy", "events", "mapreduce_events.jsonl");
    const content = [
      recordLine({ at, id: "local-1", jobId: "job-1" }),
      recordLine({ at, id: "local-2", jobId: "job-2" }),
      recordLine({ at, id: "local-0" }),
    ];
    await store.file(local, { content: content.join("") });
    const plan = await planClean(store, { olderThanMs: hourMs }, { local: true, jobIds: ["job-1"] });
    expect(plan).toMatchObject({
      jobIds: ["job-1"],
      totals: { removed: { records: 2 }, kept: { records: 3 } },
    });
    await applyPlan(plan);
    expect(await idsIn(store)).toEqual(["other", "second"]);
    expect(await linesBelow(join(store.outside, ".prodigy", "events"))).toEqual([content[2], content[1]]);
    const ids: string[] = [];
    for await (const { id } of (await store.open({ local: true })).query()) ids.push(id);
    expect(ids.sort()).toEqual(["local-0", "local-2", "other", "second"]);
  });

  it("counts toward maxEvents and maxBytes only what belongs to the job", async () => {
    const store = await TestStore.create();
    const line = (id: string, jobId: string, hours: number) =>
      recordLine({ at: nowMs - hours * hourMs, id, jobId });
    const local = join(store.outside, ".prodigy", "events", "mapreduce_events.jsonl");
    const mine = [line("a", "job-1", 9), line("b", "job-1", 8)];
    await store.file(local, { content: [mine[0], line("c", "job-2", 7), mine[1]].join("") });
    const removes = async (policy: object) =>
      (await planClean(store, policy, { local: true, jobIds: ["job-1"] })).totals.removed.records;
    expect(await removes({ maxEvents: 2 })).toBe(0);
    expect(await removes({ maxEvents: 1 })).toBe(1);
    expect(await removes({ maxBytes: mine.join("").length })).toBe(0);
    expect(await removes({ maxBytes: mine.join("").length - 1 })).toBe(1);
  });

  it("cannot be standard input", async () => {
    const store = await TestStore.create();
    const open = openStore({ root: store.root, files: ["-"], stdin: (async function* () {})() });
    await expect(open.then((opened) => scopeOfStore(opened))).rejects.toMatchObject({ code: "BAD_SCOPE" });
  });
});
