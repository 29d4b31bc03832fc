import { readFileSync, writeFileSync } from "node:fs";
import { open, readFile, stat, utimes } from "node:fs/promises";
import type { FileSystem } from "@prodigy-events/storage";
import { describe, expect, it } from "vitest";
import type { PlannedSegment, RetentionPlan } from "../src/index.js";
import { applyPlan, planClean } from "./support/clean.js";
import { linesOf } from "./support/lines.js";
import { contentsBelow, hourMs, quickFileSystem, TestStore } from "./support/test-store.js";

const policy = { olderThanMs: 3 * hourMs };
const [first, second, third] = linesOf("aaaa", [9, 8, 1]) as [string, string, string];
const content = first + second + third;

/** A plan whose only segment says something else. */
function changedPlan(plan: RetentionPlan, change: (segment: PlannedSegment) => void): RetentionPlan {
  const changed = structuredClone(plan);
  change(changed.segments[0]!);
  return changed;
}

/** Turns one byte of what stays into another, as a bad disk does, when it is opened again or something made of it is. */
function tamperingFileSystem(isTime: (path: string, nth: number) => boolean): FileSystem {
  const opened: string[] = [];
  return {
    ...quickFileSystem,
    open: async (path, flags, mode) => {
      if (/\/\.clean\/\.+events/.test(path)) {
        opened.push(path);
        if (isTime(path, opened.length)) {
          const bytes = readFileSync(opened[0]!);
          bytes[bytes.length - 10]! ^= 1;
          writeFileSync(opened[0]!, bytes);
        }
      }
      return quickFileSystem.open(path, flags, mode);
    },
  };
}

describe("a segment is not cut", () => {
  const amount = (records: number, lines: string) =>
    `(records ${records}, other lines 0, bytes ${lines.length})`;

  it("when what stays is not what the plan says", async () => {
    const store = await TestStore.create();
    const path = await store.segment({ producerId: "aaaa", content });
    const plan = changedPlan(await planClean(store, policy), ({ kept }) => {
      kept.records = 2;
    });
    expect((await applyPlan(plan)).outcomes).toMatchObject([
      {
        status: "failed",
        error: {
          code: "NOT_CONSERVED",
          message: `what stays of ${path} is ${amount(1, third)} where the plan says ${amount(2, third)}; nothing was removed from it, run the clean again`,
        },
      },
    ]);
    expect(await readFile(path, "utf8")).toBe(content);
  });

  it("when what goes is not what the plan says", async () => {
    const store = await TestStore.create();
    const path = await store.segment({ producerId: "aaaa", content });
    const plan = changedPlan(await planClean(store, policy), ({ removed }) => {
      removed.records = 3;
    });
    expect((await applyPlan(plan)).outcomes).toMatchObject([
      {
        status: "failed",
        error: {
          code: "NOT_CONSERVED",
          message: `what goes of ${path} is ${amount(2, first + second)} where the plan says ${amount(3, first + second)}; nothing was removed from it, run the clean again`,
        },
      },
    ]);
    expect(await readFile(path, "utf8")).toBe(content);
  });

  it("when nothing of it goes where the plan says so", async () => {
    const store = await TestStore.create();
    const path = await store.segment({ producerId: "aaaa", content });
    const plan = changedPlan(await planClean(store, policy), ({ keepFrom }) => {
      keepFrom!.instant = "0";
    });
    expect((await applyPlan(plan)).outcomes).toMatchObject([
      {
        error: {
          code: "NOT_CONSERVED",
          message: `what stays of ${path} is ${amount(3, content)} where the plan says ${amount(1, third)}; nothing was removed from it, run the clean again`,
        },
      },
    ]);
    expect(await readFile(path, "utf8")).toBe(content);
  });

  it("when the plan does not say which records go", async () => {
    const store = await TestStore.create();
    const path = await store.segment({ producerId: "aaaa", content });
    const plan = changedPlan(await planClean(store, policy), (segment) => {
      delete segment.keepFrom;
    });
    expect((await applyPlan(plan)).outcomes).toMatchObject([
      {
        error: {
          code: "BAD_PLAN",
          message: `the plan does not say which records of ${path} go; plan again`,
        },
      },
    ]);
    expect(await readFile(path, "utf8")).toBe(content);
  });

  it("when what stays does not read back as it was written, although as many lines and bytes", async () => {
    const store = await TestStore.create();
    const path = await store.segment({ producerId: "aaaa", content });
    const fs = tamperingFileSystem((_, nth) => nth === 2); // the first look at it after it was written
    expect((await applyPlan(await planClean(store, policy), { fs })).outcomes).toMatchObject([
      {
        status: "failed",
        error: {
          code: "NOT_CONSERVED",
          message: `what stays of ${path} does not read back as it was written; nothing was removed from it, run the clean again`,
        },
      },
    ]);
    expect(await readFile(path, "utf8")).toBe(content);
  });

  it("when what stays changes while it is compressed", async () => {
    const store = await TestStore.create();
    const path = await store.segment({ producerId: "aaaa", content, form: "gz" });
    const before = await readFile(path);
    const signal = new AbortController().signal;
    for (const options of [{}, { signal }]) {
      const fs = tamperingFileSystem((name) => name.includes("/.clean/..events"));
      expect((await applyPlan(await planClean(store, policy), { fs, ...options })).outcomes).toMatchObject([
        {
          status: "failed",
          error: {
            code: "NOT_CONSERVED",
            message: `what stays of ${path} changed while it was compressed; nothing was removed from it, run the clean again`,
          },
        },
      ]);
      expect(await readFile(path)).toEqual(before);
    }
  });

  it("or removed when it has other lines than counted although nothing shows that", async () => {
    const store = await TestStore.create();
    const path = await store.segment({ producerId: "aaaa", content: first + second });
    const plan = await planClean(store, { ...policy, archive: { directory: store.archive } });
    const { atimeMs, mtimeMs } = await stat(path);
    const file = await open(path, "r+");
    await file.write("!", first.length + second.length - 2);
    await file.close();
    await utimes(path, atimeMs / 1000, mtimeMs / 1000);
    expect(await applyPlan(plan)).toMatchObject({ complete: false, conserved: true, totals: { failed: 1 } });
    expect([...(await contentsBelow(store.archive)).keys()]).toEqual([]);
    expect([...(await contentsBelow(store.root)).keys()]).toEqual([path]);
  });
});

describe("a compressed segment", () => {
  it("is not cut any more when the clean is aborted while the rest is compressed", async () => {
    const store = await TestStore.create();
    const path = await store.segment({ producerId: "aaaa", content, form: "gz" });
    const before = await readFile(path);
    const abort = new AbortController();
    const fs: FileSystem = {
      ...quickFileSystem,
      open: async (name, flags, mode) => {
        if (name.includes("/.clean/..events")) abort.abort();
        return quickFileSystem.open(name, flags, mode);
      },
    };
    const report = await applyPlan(await planClean(store, policy), { fs, signal: abort.signal });
    expect(report.outcomes).toMatchObject([{ status: "skipped", skipReason: "not-attempted" }]);
    expect(await readFile(path)).toEqual(before);
  });
});
