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
      { action: "keep", setAside: false },
    ],
    [
      "does not rename a shared file that a link leads to, however busy",
      { protection: "symbolic-link", kind: "shared", state: "plain" },
      { action: "keep", keepReason: "symbolic-link", setAside: false },
    ],
    [
      "does not set aside once more what was set aside a moment ago",
      { protection: "recently-closed", kind: "shared", state: "rotated" },
      { action: "keep", keepReason: "recently-closed", setAside: false },
    ],
    [
      "removes what was set aside as it is",
      { kind: "shared", state: "rotated" },
      { action: "remove", setAside: false },
    ],
    [
      "says of one whose states differ that they do, whether or not a limit reaches it",
      { protection: "states-differ", reachedBy: [] },
      { action: "keep", keepReason: "states-differ" },
    ],
    [
      "keeps one of which nothing was found that could go",
      { removable: { records: 0, bytes: 0, ranges: [] } },
      { action: "keep", keepReason: "within-policy", removed: { records: 0, bytes: 0 } },
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
    const { removable: _, ...untouched } = segment();
    const input = inventory(segment(), segment({ removable: half }), untouched);
    const plan = planRetention(input, archiving, nowMs);
    expect(planRetention(input, archiving, nowMs)).toStrictEqual(plan);
    expect(JSON.parse(JSON.stringify(plan))).toStrictEqual(plan);
    expect(plan.segments[0]).toMatchObject({ archiveDirectory: "/backup/repo/job" });
    expect(plan.segments[2]).toMatchObject({ action: "keep", keepReason: "within-policy" });
  });

  it("survives JSON without a store, too, and keeps what it was asked for", () => {
    const { root: _, ...input } = inventory(segment());
    const plan = planRetention(input, policy, nowMs);
    expect(JSON.parse(JSON.stringify(plan))).toStrictEqual(plan);
    const ofJob = planRetention(
      { ...input, jobIds: ["job"], segments: [segment({ repo: "repo", jobId: "job" })] },
      policy,
      nowMs,
    );
    expect(ofJob).toMatchObject({ jobIds: ["job"], segments: [{ repo: "repo", jobId: "job" }] });
  });

  it("says nothing of ranges, of a boundary or of an archive where nothing goes", () => {
    const archiving = { ...policy, archive: { directory: "/backup" } };
    const input = inventory(segment({ protection: "producer-alive" }));
    const [planned] = planRetention(input, archiving, nowMs).segments;
    expect(planned).toMatchObject({ removedRanges: [], freedBytes: 0, storedBytes: 1000 });
    expect(planned).not.toHaveProperty("keepFrom");
    expect(planned).not.toHaveProperty("archiveDirectory");
  });

  it("has the ranges and the boundary of what goes", () => {
    const [planned] = planRetention(inventory(segment()), policy, nowMs).segments;
    expect(planned).toMatchObject({
      removedRanges: [{ producerId: "aaaa", first: 0, last: 9 }],
      keepFrom: segment().keepFrom,
    });
  });

  it.each<[string, RetentionPolicy, number]>([
    ["age", { olderThanMs: 1001 }, nowMs],
    ["limit", { olderThanMs: 1000, maxEvents: 5 }, nowMs],
    ["size", { olderThanMs: 1000, maxBytes: 5 }, nowMs],
    ["time", policy, nowMs + 1],
  ])("is refused for another %s than the inventory was gathered for", (_, other, at) => {
    expect(() => planRetention(inventory(segment()), other, at)).toThrow(
      expect.objectContaining({
        code: "INVENTORY_MISMATCH",
        message:
          "the inventory was gathered for another policy or another time; gather it anew with the policy and time of the plan",
      }),
    );
  });

  it("is refused for a policy that means nothing", () => {
    expect(() => planRetention(inventory(), {}, nowMs)).toThrow(
      expect.objectContaining({ code: "BAD_POLICY" }),
    );
  });

  it.each([
    [{ removable: { ...half, records: 11 } }, "11 of 10 records and 400 of 1000 bytes"],
    [{ removable: { ...half, bytes: 1001 } }, "5 of 10 records and 1001 of 1000 bytes"],
    [{ removable: half, malformed: -1 }, "5 of 10 records and 400 of 1000 bytes"],
  ])("is refused when the inventory contradicts itself: %o", (overrides, figures) => {
    const { path } = segment();
    expect(() => planRetention(inventory(segment(overrides)), policy, nowMs)).toThrow(
      expect.objectContaining({
        code: "NOT_CONSERVED",
        path,
        message: `the inventory of ${path} says that ${figures} can go; gather it anew`,
      }),
    );
  });
});
