import { describe, expect, it } from "vitest";
import type { Inventory, InventorySegment } from "../inventory/inventory.js";
import type { RetentionPolicy } from "../policy/retention-policy.js";
import { planRetention } from "./plan-retention.js";

const nowMs = Date.UTC(2026, 5, 1);
const policy: RetentionPolicy = { olderThanMs: 1000 };

const segment = (overrides: Partial<InventorySegment> = {}): InventorySegment => ({
  path: "/store/events/repo/job/x.jsonl.rotated",
  directory: "/store/events/repo/job",
  logicalName: "x.jsonl",
  state: "rotated",
  kind: "own",
  encoding: "plain",
  files: [{ path: "/store/events/repo/job/x.jsonl.rotated", dev: 1, ino: 2, bytes: 1000, mtimeMs: 3 }],
  bytes: 1000,
  records: 10,
  malformed: 0,
  reachedBy: ["olderThanMs"],
  keepFrom: { instant: "1", producerId: "", sequence: -1, path: "", offset: -1 },
  removable: { records: 10, bytes: 1000, ranges: [{ producerId: "aaaa", first: 0, last: 9 }] },
  ...overrides,
});

const inventory = (...segments: InventorySegment[]): Inventory => ({
  ...{ version: 1, nowMs, policy, root: "/store", segments, unknownFiles: [] },
});

const half = { records: 5, bytes: 400, ranges: [] };

describe("the plan", () => {
  it.each<[string, Partial<InventorySegment>, object]>([
    [
      "removes a segment all of whose records go",
      {},
      { action: "remove", freedBytes: 1000, kept: { records: 0, bytes: 0 } },
    ],
    [
      "rewrites one that keeps records",
      { removable: half },
      { action: "rewrite", freedBytes: 400, kept: { records: 5, bytes: 600 } },
    ],
    [
      "rewrites one that keeps lines which are no records",
      { malformed: 1 },
      { action: "rewrite", kept: { records: 0, malformed: 1 } },
    ],
    [
      "does not promise what rewriting a compressed one frees",
      { removable: half, encoding: "gzip" },
      { action: "rewrite", freedBytes: 0, removed: { records: 5, bytes: 400 } },
    ],
    [
      "keeps one of zstd that would have to be rewritten",
      { removable: half, encoding: "zstd" },
      { action: "keep", keepReason: "cannot-rewrite" },
    ],
    ["removes one of zstd that goes whole", { encoding: "zstd" }, { action: "remove" }],
    ["keeps one that no limit reaches", { reachedBy: [] }, { action: "keep", keepReason: "within-policy" }],
    [
      "keeps one without records",
      { reachedBy: [], records: 0, malformed: 2 },
      { action: "keep", keepReason: "no-records" },
    ],
    [
      "keeps a protected one",
      { protection: "producer-alive" },
      { action: "keep", keepReason: "producer-alive", removedRanges: [] },
    ],
    [
      "says why only where the policy reaches",
      { protection: "producer-alive", reachedBy: [] },
      { keepReason: "within-policy" },
    ],
    [
      "says of an unreadable one that it is",
      { protection: "unreadable", reachedBy: [] },
      { keepReason: "unreadable" },
    ],
    [
      "sets a busy shared file aside",
      { protection: "recently-closed", kind: "shared", state: "plain" },
      { action: "set-aside", setAside: true, removed: { records: 0 } },
    ],
    [
      "does not set one aside that no limit reaches",
      { protection: "recently-closed", kind: "shared", state: "plain", reachedBy: [] },
      { action: "keep" },
    ],
    [
      "sets a shared file aside before it removes it",
      { kind: "shared", state: "plain" },
      { action: "remove", setAside: true },
    ],
  ])("%s", (_, overrides, expected) => {
    const plan = planRetention(inventory(segment(overrides)), policy, nowMs);
    expect(plan.segments).toMatchObject([expected]);
    const [planned] = plan.segments;
    for (const part of ["records", "malformed", "bytes"] as const) {
      expect(planned!.kept[part] + planned!.removed[part]).toBe(planned!.before[part]);
    }
  });

  it("adds up what it does", () => {
    const plan = planRetention(
      inventory(segment(), segment({ removable: half }), segment({ reachedBy: [] })),
      policy,
      nowMs,
    );
    expect(plan.totals).toEqual({
      segmentsRemoved: 1,
      segmentsRewritten: 1,
      before: { records: 30, malformed: 0, bytes: 3000 },
      kept: { records: 15, malformed: 0, bytes: 1600 },
      removed: { records: 15, malformed: 0, bytes: 1400 },
      storedBytes: 3000,
      freedBytes: 1400,
    });
  });

  it("is the same every time, and survives JSON", () => {
    const archiving = { ...policy, archive: { directory: "/backup" } };
    const input = inventory(segment(), segment({ removable: half }));
    const plan = planRetention(input, archiving, nowMs);
    expect(planRetention(input, archiving, nowMs)).toEqual(plan);
    expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
    expect(plan.segments[0]).toMatchObject({ archiveDirectory: "/backup/repo/job" });
  });

  it.each<[string, RetentionPolicy, number]>([
    ["age", { olderThanMs: 1001 }, nowMs],
    ["limit", { olderThanMs: 1000, maxEvents: 5 }, nowMs],
    ["size", { olderThanMs: 1000, maxBytes: 5 }, nowMs],
    ["time", policy, nowMs + 1],
  ])("is refused for another %s than the inventory was gathered for", (_, other, at) => {
    expect(() => planRetention(inventory(segment()), other, at)).toThrow(
      expect.objectContaining({ code: "INVENTORY_MISMATCH" }),
    );
  });

  it("is refused for a policy that means nothing", () => {
    expect(() => planRetention(inventory(), {}, nowMs)).toThrow(
      expect.objectContaining({ code: "BAD_POLICY" }),
    );
  });

  it.each([{ removable: { ...half, records: 11 } }, { removable: { ...half, bytes: 1001 } }])(
    "is refused when the inventory contradicts itself: %o",
    (overrides) => {
      expect(() => planRetention(inventory(segment(overrides)), policy, nowMs)).toThrow(
        expect.objectContaining({ code: "NOT_CONSERVED", path: "/store/events/repo/job/x.jsonl.rotated" }),
      );
    },
  );
});
