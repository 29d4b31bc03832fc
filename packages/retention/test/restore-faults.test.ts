import type { FileSystem } from "@prodigy-events/storage";
import { type Fault, faultyFileSystem } from "@prodigy-events/test-kit";
import { describe, expect, it } from "vitest";
import { cleanedStore, restore } from "./support/cleaned-store.js";
import { contentsBelow, linesBelow, quickFileSystem } from "./support/test-store.js";

describe("whatever fails while restoring", () => {
  const failures: { title: string; fault: Partial<Fault> }[] = [
    { title: "one call fails", fault: { error: "EIO" } },
    { title: "one call is reported as failed after it took effect", fault: { error: "EIO", when: "after" } },
    { title: "from one call on nothing works", fault: { error: "EIO", times: "from then on" } },
  ];
  const operations = [
    "open",
    "read",
    "write",
    "fsync",
    "rename",
    "link",
    "unlink",
    "mkdir",
    "readdir",
    "lstat",
  ];

  it.each(failures.map(({ title, fault }) => [title, fault] as const))(
    "nothing is lost or doubled, and running it again brings all back: %s",
    { timeout: 120_000 },
    async (_, fault) => {
      let wasHit = true;
      for (let nth = 1; wasHit; nth += 1) {
        const { store, all } = await cleanedStore();
        const kept = await linesBelow(store.root);
        const archived = await contentsBelow(store.archive);
        const disk = faultyFileSystem<FileSystem>(quickFileSystem, [
          { operation: operations, nth, ...fault } as Fault,
        ]);
        const report = await restore(store, { fs: disk.fs }).catch(
          (error: Error & { code?: string }) => error,
        );
        wasHit = disk.calls.some(({ injected }) => injected !== undefined);
        if (report instanceof Error) expect(report.code).toMatch(/^E[A-Z]+$/);

        const meanwhile = await linesBelow(store.root);
        expect(meanwhile).toEqual(expect.arrayContaining(kept));
        expect(new Set(meanwhile).size).toBe(meanwhile.length);
        expect(await contentsBelow(store.archive)).toEqual(archived);
        expect(await restore(store, { breakLock: true })).toMatchObject({ complete: true });
        expect(await linesBelow(store.root)).toEqual(all);
      }
    },
  );
});
