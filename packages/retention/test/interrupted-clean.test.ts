import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Manifest, readManifest, writeManifest } from "@prodigy-events/storage";
import { faultyFileSystem } from "@prodigy-events/test-kit";
import { describe, expect, it } from "vitest";
import { applyPlan, planClean } from "./support/clean.js";
import { linesOf } from "./support/lines.js";
import { hourMs, quickFileSystem, TestStore } from "./support/test-store.js";

const policy = { olderThanMs: 3 * hourMs };
const [first, , third] = linesOf("aaaa", [9, 8, 1]) as [string, string, string];

describe("what an interrupted clean left", () => {
  it("is put away by the next: unfinished files, and manifests of segments that it removed", async () => {
    const store = await TestStore.create();
    await store.segment({ producerId: "aaaa", content: first, form: "rotated", sealed: true });
    await store.segment({ producerId: "bbbb", content: first + third });
    const disk = faultyFileSystem(quickFileSystem, [
      { operation: "unlink", path: /\.manifest/, error: "EIO" },
    ]);
    await applyPlan(await planClean(store, policy), { fs: disk.fs });
    await writeFile(join(store.directory(), ".clean", ".events-x.jsonl.0123456789ab.tmp"), "half");
    expect(await readdir(join(store.directory(), ".manifest"))).toHaveLength(1);

    await applyPlan(await planClean(store, policy));
    expect(await readdir(join(store.directory(), ".clean"))).toEqual(["log"]);
    expect(await readdir(join(store.directory(), ".manifest"))).toEqual([
      "events-20260601_070000_000-bbbb.jsonl.json",
    ]);
  });

  it("does not include a manifest whose segment is missing for another reason: that is evidence", async () => {
    const store = await TestStore.create();
    await store.segment({ producerId: "aaaa", content: first });
    const manifest = {
      ...(await manifestOfMissing(store)),
      segment: "events-20260601_070000_000-zzzz.jsonl",
    };
    await writeManifest(store.directory(), manifest);
    await applyPlan(await planClean(store, policy));
    expect(await readdir(join(store.directory(), ".manifest"))).toContain(
      "events-20260601_070000_000-zzzz.jsonl.json",
    );
  });

  async function manifestOfMissing(store: TestStore): Promise<Manifest> {
    await store.segment({ producerId: "cccc", content: third, form: "rotated", sealed: true });
    return (await readManifest(store.directory(), "events-20260601_070000_000-cccc.jsonl"))!;
  }
});
