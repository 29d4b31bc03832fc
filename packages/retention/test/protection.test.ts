import { link, mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { compressSegment } from "@prodigy-events/storage";
import { describe, expect, it } from "vitest";
import { applyPlan, planClean, plannedFor } from "./support/clean.js";
import { linesOf } from "./support/lines.js";
import { hourMs, linesBelow, nowMs, type SegmentSpec, TestStore } from "./support/test-store.js";

const policy = { olderThanMs: 3 * hourMs };
const old = linesOf("aaaa", [9, 8]).join("");
const secondMs = 1000;

describe("a segment that the policy reaches is kept, and named with the reason,", () => {
  it.each<[string, string, (store: TestStore) => Promise<unknown>]>([
    [
      "producer-alive",
      "events-2",
      (store) => store.segment({ producerId: "aaaa", content: old, producer: "alive" }),
    ],
    [
      "unknown-writer",
      "events-2",
      (store) => store.segment({ producerId: "aaaa", content: old, producer: "unknown" }),
    ],
    [
      "unknown-writer",
      "foreign",
      (store) => store.file(join(store.directory(), "foreign.jsonl"), { content: old }),
    ],
    [
      "recently-closed",
      "events-2",
      (store) =>
        store.segment({
          producerId: "aaaa",
          content: old,
          form: "rotated",
          writtenAtMs: nowMs - 59 * secondMs,
        }),
    ],
    [
      "recently-closed",
      "events-2",
      (store) =>
        store.segment({ producerId: "aaaa", content: old, sealed: true, writtenAtMs: nowMs - 59 * secondMs }),
    ],
    [
      "recently-closed",
      "foreign",
      (store) =>
        store.file(join(store.directory(), "foreign.jsonl"), {
          content: old,
          form: "gz",
          writtenAtMs: nowMs + hourMs,
        }),
    ],
    [
      "symbolic-link",
      "foreign",
      async (store) => {
        await mkdir(store.directory(), { recursive: true });
        await symlink(
          await store.file(join(store.outside, "target"), { content: old }),
          join(store.directory(), "foreign.jsonl.rotated"),
        );
      },
    ],
  ])("%s: %s", async (reason, name, write) => {
    const store = await TestStore.create();
    await write(store);
    const before = await linesBelow(store.root);
    const plan = await planClean(store, policy);
    expect(plannedFor(plan, name)).toMatchObject({
      action: "keep",
      keepReason: reason,
      limits: ["olderThanMs"],
    });
    expect(plan.totals).toMatchObject({ removed: { records: 0 }, kept: { records: 2 } });
    expect(await applyPlan(plan)).toMatchObject({ complete: true, outcomes: [] });
    expect(await linesBelow(store.root)).toEqual(before);
  });

  it("unreadable: a compressed one that is cut off, with everything that can be read of it", async () => {
    const store = await TestStore.create();
    const compressed = gzipSync(linesOf("aaaa", Array(500).fill(9)).join(""));
    await store.file(join(store.directory(), "foreign.jsonl.gz"), {
      content: compressed.subarray(0, compressed.length - 20),
    });
    const plan = await planClean(store, { olderThanMs: hourMs, maxEvents: 1, maxBytes: 1 });
    expect(plannedFor(plan, "foreign")).toMatchObject({ action: "keep", keepReason: "unreadable" });
  });

  it("unreadable: what it holds does not count toward maxEvents, so that nothing else goes in its stead", async () => {
    const store = await TestStore.create();
    const compressed = gzipSync(linesOf("aaaa", Array(500).fill(9)).join("")).subarray(0, -20);
    await store.file(join(store.directory(), "foreign.jsonl.gz"), { content: compressed });
    await store.segment({ producerId: "bbbb", content: linesOf("bbbb", [8, 7, 6]).join("") });
    const plan = await planClean(store, { maxEvents: 2 });
    expect(plan.segments.map(({ before }) => before.records > 0)).toEqual([true, true]);
    expect(plannedFor(plan, "events-2")).toMatchObject({ removed: { records: 1 } });
  });

  it.each([
    ["zstd that this runtime may not know", Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0xff, 0xff])],
    ["gzip in name and beginning only", Buffer.from([0x1f, 0x8b, 1, 2, 3])],
  ])("unreadable: %s", async (_, content) => {
    const store = await TestStore.create();
    await store.file(join(store.directory(), "foreign.jsonl.zst"), { content });
    const plan = await planClean(store, policy);
    expect(plannedFor(plan, "foreign")).toMatchObject({
      action: "keep",
      keepReason: "unreadable",
      storedBytes: content.length,
    });
  });

  it("states-differ: one that exists twice with different contents", async () => {
    const store = await TestStore.create();
    const path = await store.segment({ producerId: "aaaa", content: old, form: "rotated", sealed: true });
    await store.file(`${path}.gz`, { content: linesOf("aaaa", [9]).join("") });
    expect(plannedFor(await planClean(store, policy), "events-2")).toMatchObject({
      action: "keep",
      keepReason: "states-differ",
    });
  });

  it("manifest-differs: one that would be cut but is not what its manifest says", async () => {
    const store = await TestStore.create();
    const path = await store.segment({
      producerId: "aaaa",
      content: linesOf("aaaa", [9, 1]).join(""),
      sealed: true,
    });
    await store.file(path, { content: linesOf("aaaa", [9, 2]).join("") });
    expect(plannedFor(await planClean(store, policy), "events-2")).toMatchObject({
      action: "keep",
      keepReason: "manifest-differs",
    });
    // Whole, it may go: there is nothing left then whose damage could be covered up.
    expect(plannedFor(await planClean(store, { olderThanMs: hourMs }), "events-2")).toMatchObject({
      action: "remove",
    });
  });
});

describe("a segment that nobody appends to may go:", () => {
  it.each<[string, (store: TestStore) => Promise<unknown>]>([
    ["that of a dead producer", (store) => store.segment({ producerId: "aaaa", content: old })],
    [
      "a sealed one of a living producer",
      (store) => store.segment({ producerId: "aaaa", content: old, producer: "alive", sealed: true }),
    ],
    [
      "a rotated one of a living producer",
      (store) => store.segment({ producerId: "aaaa", content: old, producer: "alive", form: "rotated" }),
    ],
    [
      "a compressed one of a living producer",
      (store) => store.segment({ producerId: "aaaa", content: old, producer: "alive", form: "gz" }),
    ],
    [
      "one closed 60 s ago",
      (store) =>
        store.segment({
          producerId: "aaaa",
          content: old,
          form: "rotated",
          sealed: true,
          writtenAtMs: nowMs - 60 * secondMs,
        }),
    ],
    [
      "a rotated one of somebody else",
      (store) => store.file(join(store.directory(), "foreign.jsonl"), { content: old, form: "rotated" }),
    ],
    [
      "plain text that is called .gz",
      (store) => store.file(join(store.directory(), "foreign.jsonl.gz"), { content: old }),
    ],
  ])("%s", async (_, write) => {
    const store = await TestStore.create();
    await write(store);
    const plan = await planClean(store, policy);
    expect(plan.totals).toMatchObject({
      segmentsRemoved: 1,
      removed: { records: 2, bytes: old.length },
      kept: { records: 0 },
    });
    expect(await applyPlan(plan)).toMatchObject({ complete: true });
    expect(await linesBelow(store.root)).toEqual([]);
  });

  it("that of a producer which the user knows to be dead", async () => {
    const store = await TestStore.create();
    await store.segment({ producerId: "aaaa", content: old, producer: "alive" });
    const plan = await planClean(store, policy, {}, { assumeDead: ["aaaa"] });
    expect(plan.totals.segmentsRemoved).toBe(1);
  });

  it("a plain one of somebody else when the user names the file, unless it was written less than 60 s ago", async () => {
    const store = await TestStore.create();
    const path = await store.file(join(store.outside, "foreign.jsonl"), { content: old });
    const recent = await store.file(join(store.outside, "recent.jsonl"), {
      content: old,
      writtenAtMs: nowMs - 59 * secondMs,
    });
    const plan = await planClean(store, policy, { files: [path, recent] });
    expect(plannedFor(plan, "foreign")).toMatchObject({ action: "remove" });
    expect(plannedFor(plan, "recent")).toMatchObject({ action: "keep", keepReason: "recently-closed" });
    // A file that was only found in a directory was not named.
    const found = await planClean(store, policy, { files: [store.outside] });
    expect(plannedFor(found, "foreign")).toMatchObject({ action: "keep", keepReason: "unknown-writer" });
  });
});

describe("a closed segment whose producer may be alive", () => {
  const [oldest, young] = linesOf("aaaa", [9, 1]) as [string, string];
  const content = oldest + young;
  const forms: [string, Partial<SegmentSpec>][] = [
    ["a sealed one", { sealed: true }],
    ["a rotated one, which it may be compressing", { form: "rotated" }],
    ["a compressed one", { form: "gz" }],
  ];

  it.each(forms)("is not cut: %s", async (_, spec) => {
    const store = await TestStore.create();
    await store.segment({ producerId: "aaaa", content, producer: "alive", ...spec });
    for (const limit of [policy, { maxEvents: 1 }]) {
      const plan = await planClean(store, limit);
      expect(plannedFor(plan, "events-2")).toMatchObject({ action: "keep", keepReason: "producer-alive" });
      expect(await applyPlan(plan)).toMatchObject({ complete: true, outcomes: [] });
    }
    expect(await linesBelow(store.root)).toEqual([oldest, young].sort());
    const plan = await planClean(store, policy, {}, { assumeDead: ["aaaa"] });
    expect(plannedFor(plan, "events-2")).toMatchObject({ action: "rewrite", removed: { records: 1 } });
    await applyPlan(plan);
    expect(await linesBelow(store.root)).toEqual([young]);
  });

  it.each(forms)(
    "is not cut when nobody knows its producer, unless the file is named: %s",
    async (_, spec) => {
      const store = await TestStore.create();
      const path = await store.segment({ producerId: "aaaa", content, producer: "unknown", ...spec });
      expect(plannedFor(await planClean(store, policy), "events-2")).toMatchObject({
        action: "keep",
        keepReason: "unknown-writer",
      });
      const named = await planClean(store, policy, { files: [path] });
      expect(plannedFor(named, "events-2")).toMatchObject({ action: "rewrite" });
    },
  );

  it("is not cut by what it holds of other jobs, or of lines that are no records, either", async () => {
    const store = await TestStore.create();
    const bad = { producerId: "aaaa", content: `${old}{\n`, producer: "alive", form: "rotated" } as const;
    await store.segment(bad);
    expect(plannedFor(await planClean(store, policy), "events-2")).toMatchObject({
      action: "keep",
      keepReason: "producer-alive",
    });
  });

  it("goes whole or not at all where a size is asked for, as compressed ones do", async () => {
    const store = await TestStore.create();
    await store.segment({ producerId: "aaaa", content, producer: "alive", form: "rotated" });
    const later = linesOf("bbbb", [3, 2]) as [string, string];
    await store.segment({ producerId: "bbbb", content: later.join("") });
    const one = await planClean(store, { maxBytes: content.length + later[1].length });
    expect(plannedFor(one, "events-20260601_070000_000-aaaa")).toMatchObject({
      action: "keep",
      keepReason: "within-policy",
    });
    expect(plannedFor(one, "events-20260601_070000_000-bbbb")).toMatchObject({
      action: "rewrite",
      kept: { records: 1 },
    });
    const all = await planClean(store, { maxBytes: 1 });
    expect(all.segments).toMatchObject([{ action: "remove" }, { action: "remove" }]);
  });
});

describe("what is no record", () => {
  it("is kept, line by line, and a segment of which nothing else is left stays with it", async () => {
    const store = await TestStore.create();
    const bad = [
      "{",
      "\u0000\u0000",
      '{"id":"x","event":{"event_type":"a"}}',
      '{"id":"x","timestamp":"2026-02-30T00:00:00Z","event":{"event_type":"a"}}',
    ];
    const content = [bad[0], old.trimEnd(), bad[1], bad[2], bad[3], '{"id":"torn'].join("\n");
    await store.segment({ producerId: "aaaa", content });
    const plan = await planClean(store, { maxEvents: 1, olderThanMs: 1 });
    expect(plan.totals).toMatchObject({
      removed: { records: 2, malformed: 0 },
      kept: { records: 0, malformed: 5 },
    });
    await applyPlan(plan);
    expect(await linesBelow(store.root)).toEqual([...bad.map((line) => `${line}\n`), '{"id":"torn'].sort());
    expect(plannedFor(await planClean(store, { maxEvents: 1 }), "events-2")).toMatchObject({
      action: "keep",
      keepReason: "no-records",
    });
  });

  it("does not keep a segment when it is only blank lines", async () => {
    const store = await TestStore.create();
    await store.segment({ producerId: "aaaa", content: `\ufeff\n${old} \r\n\n` });
    const plan = await planClean(store, policy);
    expect(plan.totals).toMatchObject({ segmentsRemoved: 1, removed: { records: 2, malformed: 0 } });
  });

  it("counts an unknown event type as a record like any other", async () => {
    const store = await TestStore.create();
    await store.segment({ producerId: "aaaa", content: old.replaceAll("agent_progress", "something_new") });
    expect((await planClean(store, policy)).totals.removed.records).toBe(2);
  });

  it("names files that are no segments, and leaves them alone", async () => {
    const store = await TestStore.create();
    await store.segment({ producerId: "aaaa", content: old });
    await writeFile(join(store.directory(), "notes.txt"), "mine");
    await mkdir(join(store.directory(), "folder"));
    const plan = await planClean(store, policy);
    expect(plan.unknownFiles).toEqual([join(store.directory(), "notes.txt")]);
    await applyPlan(plan);
    expect(await linesBelow(store.root)).toEqual(["mine"]);
  });
});

it("removes all states of a segment that a crash left in two, because the other would come back to life", async () => {
  const store = await TestStore.create();
  const path = await store.segment({
    producerId: "aaaa",
    content: linesOf("aaaa", [9, 1]).join(""),
    form: "rotated",
    sealed: true,
  });
  await compressSegment(path, `${path}.gz`);
  await applyPlan(await planClean(store, policy));
  expect(await linesBelow(store.root)).toEqual([linesOf("aaaa", [9, 1])[1]]);
  await compressSegment(path, `${path}.gz`);
  await applyPlan(await planClean(store, { olderThanMs: 60_000 }));
  expect(await linesBelow(store.root)).toEqual([]);
});

it("takes a file once that a caller names in two states or reaches by two paths", async () => {
  const store = await TestStore.create();
  const path = await store.file(join(store.outside, "foreign.jsonl"), { content: old });
  await link(path, join(store.outside, "again.jsonl"));
  const plan = await planClean(
    store,
    { maxEvents: 1 },
    { files: [path, path, join(store.outside, "again.jsonl")] },
  );
  expect(plan.totals.before.records).toBe(2);
});
