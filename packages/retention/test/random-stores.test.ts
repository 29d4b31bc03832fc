import { fakeClock } from "@prodigy-events/test-kit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  applyRetention,
  gatherInventory,
  planRetention,
  type RetentionPlan,
  type RetentionPolicy,
  restoreArchive,
  scopeOfStore,
} from "../src/index.js";
import { expectRemoval } from "./support/oracle.js";
import { type RandomFile, randomFiles, writeFiles } from "./support/random-store.js";
import { hourMs, linesBelow, nowMs, quickFileSystem, TestStore } from "./support/test-store.js";

const limits = fc
  .record(
    {
      olderThanMs: fc.integer({ min: 1, max: 13 }).map((hours) => hours * hourMs),
      maxEvents: fc.integer({ min: 1, max: 40 }),
      maxBytes: fc.integer({ min: 1, max: 12_000 }),
    },
    { requiredKeys: [] },
  )
  .filter((policy) => Object.keys(policy).length > 0);

const jobIds = fc.constantFrom(undefined, ["job-1"], ["job-1", "job-2"]);

/** How far a compressed file shrinks when only bad lines stay is not for an oracle to know. */
function isPredictable(files: readonly RandomFile[], policy: RetentionPolicy): boolean {
  return (
    policy.maxBytes === undefined ||
    files.every(
      ({ form, place, lines, tornTail }) =>
        form !== "gz" ||
        place === "shared" ||
        place === "local" ||
        (!tornTail && lines.every(({ kind }) => kind !== "malformed")),
    )
  );
}

async function plan(
  store: TestStore,
  policy: RetentionPolicy,
  jobs: readonly string[] | undefined,
): Promise<RetentionPlan> {
  const scope = await scopeOfStore(await store.open({ local: true }), jobs);
  return planRetention(await gatherInventory(scope, policy, { nowMs }), policy, nowMs);
}

async function liveLines(store: TestStore): Promise<string[]> {
  return withoutBlanks([
    ...(await linesBelow(store.root)),
    ...(await linesBelow(`${store.outside}/.prodigy/events`)),
  ]);
}

function withoutBlanks(lines: readonly string[]): string[] {
  return lines.filter((line) => line.trim() !== "").sort();
}

async function idsRead(store: TestStore): Promise<string[]> {
  const ids: string[] = [];
  for await (const { id } of (await store.open({ local: true })).query()) ids.push(id);
  return [...new Set(ids)].sort();
}

function idsOf(lines: readonly string[]): string[] {
  return [...new Set(lines.flatMap((line) => /^\{"id":"(r\d+)"/.exec(line)?.[1] ?? []))].sort();
}

function asBytes(lines: readonly string[]): string[] {
  return lines.map((line) => Buffer.from(line).toString("latin1")).sort();
}

describe("on any store and under any policy", () => {
  it("removes exactly what sorting everything in memory says, keeps the rest, and does nothing when run again", async () => {
    await fc.assert(
      fc.asyncProperty(randomFiles, limits, jobIds, async (files, policy, jobs) => {
        fc.pre(isPredictable(files, policy));
        const store = await TestStore.create();
        const written = await writeFiles(store, files);
        const expected = await expectRemoval(written, policy, jobs);

        const planned = await plan(store, policy, jobs);
        expect(planned.totals.removed.records).toBe(expected.removed.length);
        const report = await applyRetention(JSON.parse(JSON.stringify(planned)), {
          clock: fakeClock(nowMs),
          fs: quickFileSystem,
        });

        expect(report).toMatchObject({ complete: true, warnings: [] });
        expect(report.totals.removed).toEqual(planned.totals.removed);
        expect(await liveLines(store)).toEqual(asBytes(expected.kept));
        expect(await idsRead(store)).toEqual(idsOf(expected.kept));

        const again = await plan(store, policy, jobs);
        expect(again.segments.filter(({ action }) => action !== "keep")).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  it("has every line either in the store or in the archive, and restoring brings all back once", async () => {
    await fc.assert(
      fc.asyncProperty(randomFiles, limits, jobIds, async (files, policy, jobs) => {
        fc.pre(isPredictable(files, policy));
        const store = await TestStore.create();
        const written = await writeFiles(store, files);
        const before = await liveLines(store);
        const expected = await expectRemoval(written, policy, jobs);

        const archiving = { ...policy, archive: { directory: store.archive } };
        await applyRetention(await plan(store, archiving, jobs), {
          clock: fakeClock(nowMs),
          fs: quickFileSystem,
        });
        expect(await liveLines(store)).toEqual(asBytes(expected.kept));
        expect(withoutBlanks(await linesBelow(store.archive))).toEqual(asBytes(expected.removed));

        const options = {
          root: store.root,
          archiveDirectory: store.archive,
          fs: quickFileSystem,
          localDirectories: [`${store.outside}/.prodigy/events`],
        };
        for (let run = 0; run < 2; run += 1) {
          expect(await restoreArchive(options)).toMatchObject({ complete: true });
          expect(await liveLines(store)).toEqual(before);
        }
      }),
      { numRuns: 100 },
    );
  });
});
