import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { type Manifest, manifestPath, readManifest, verifyAgainstManifest } from "@prodigy-events/storage";
import { faultyFileSystem } from "@prodigy-events/test-kit";
import { describe, expect, it } from "vitest";
import { applyPlan, planClean } from "./support/clean.js";
import { linesOf } from "./support/lines.js";
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

const archiving = (store: TestStore) => ({ ...policy, archive: { directory: store.archive } });

describe("a segment of ours that was cut", () => {
  const name = "events-20260601_070000_000-aaaa.jsonl";

  async function verified(store: TestStore): Promise<Manifest> {
    const [path] = [...(await contentsBelow(store.directory())).keys()];
    const manifest = (await readManifest(store.directory(), name))!;
    expect(await verifyAgainstManifest(path!, manifest)).toMatchObject({ intact: true });
    return manifest;
  }

  it.each(["plain", "rotated", "gz"] as const)(
    "has a manifest of what stayed, with the ranges that went: %s",
    async (form) => {
      const store = await TestStore.create();
      const lines = linesOf("aaaa", [9, 8, 7, 6, 5, 4]);
      await store.segment({
        producerId: "aaaa",
        form,
        sealed: true,
        content: [lines[0], "bad\n", ...lines.slice(1)].join(""),
      });
      const lengths = lines.map((line) => line.length);

      await applyPlan(await planClean(store, { maxEvents: 4 }));
      expect(await verified(store)).toMatchObject({
        firstSequence: 2,
        lastSequence: 5,
        firstTimestamp: new Date(nowMs - 7 * hourMs).toISOString(),
        removed: [
          { offset: 0, length: lengths[0], lines: 1 },
          { offset: lengths[0]! + 4, length: lengths[1], lines: 1 },
        ],
        closedAt: new Date(nowMs - 2 * hourMs).toISOString(),
      });

      await applyPlan(await planClean(store, { maxEvents: 1 }));
      expect(await verified(store)).toMatchObject({
        firstSequence: 5,
        lastSequence: 5,
        removed: [
          { offset: 0, length: lengths[0], lines: 1 },
          { offset: lengths[0]! + 4, length: lengths.slice(1, 5).reduce((a, b) => a + b), lines: 4 },
        ],
      });

      await applyPlan(await planClean(store, { olderThanMs: 1 }));
      expect(await verified(store)).toMatchObject({ firstSequence: 6, lastSequence: 5, bytes: 4 });
    },
  );

  it("stays compressed when it was, and the report says what that freed", async () => {
    const store = await TestStore.create();
    const path = await store.segment({ producerId: "aaaa", form: "gz", content: first + second + third });
    const { size } = await stat(path);
    const report = await applyPlan(await planClean(store, policy));
    expect((await readFile(path)).subarray(0, 2)).toEqual(Buffer.from([0x1f, 0x8b]));
    expect(report.totals.freedBytes).toBe(size - (await stat(path)).size);
    expect(await linesBelow(store.root)).toEqual([third]);
  });

  it("gets one also when its producer died without sealing it", async () => {
    const store = await TestStore.create();
    await store.segment({ producerId: "aaaa", content: first + third });
    await applyPlan(await planClean(store, policy));
    expect(await verified(store)).toMatchObject({
      producerId: "aaaa",
      createdAt: "2026-06-01T07:00:00.000Z",
      lines: 1,
    });
  });

  it("describes the former content, too, until the new one is in place", async () => {
    const store = await TestStore.create();
    const path = await store.segment({
      producerId: "aaaa",
      form: "rotated",
      sealed: true,
      content: first + third,
    });
    const before = await readManifest(store.directory(), name);
    const disk = faultyFileSystem(quickFileSystem, [
      { operation: "rename", path: /\.clean\/\.events/, error: "EIO", times: "from then on" },
    ]);
    await applyPlan(await planClean(store, policy), { fs: disk.fs });
    expect(await readFile(path, "utf8")).toBe(first + third);
    expect(await readManifest(store.directory(), name)).toMatchObject({
      supersedes: { bytes: before!.bytes, sha256: before!.sha256, removed: [] },
    });
    await applyPlan(await planClean(store, policy));
    expect(await verified(store)).toMatchObject({ removed: [{ offset: 0, length: first.length, lines: 1 }] });
  });

  it("has no manifest left once it is gone, and one in the archive", async () => {
    const store = await TestStore.create();
    await store.segment({ producerId: "aaaa", form: "gz", sealed: true, content: first + second });
    const text = await readFile(manifestPath(store.directory(), name));
    await applyPlan(await planClean(store, archiving(store)));
    expect(await readdir(join(store.directory(), ".manifest"))).toEqual([]);
    expect(await readFile(manifestPath(join(store.archive, "repo", "job-1"), name))).toEqual(text);
  });
});
