import { mkdir, readFile, rename, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Fault, faultyFileSystem } from "@prodigy-events/test-kit";
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
const at = new Date(nowMs).toISOString();
const name = (producerId: string) => `events-20260601_070000_000-${producerId}.jsonl`;

async function logOf(store: TestStore): Promise<unknown[]> {
  const text = await readFile(join(store.directory(), ".clean", "log"), "utf8");
  return text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}

describe("an entry of the log", () => {
  it("tells of a shared file first where it went, with no records, then what was taken out of it", async () => {
    const store = await TestStore.create();
    await store.file(join(store.directory(), "events-shared.jsonl"), { content: first + third });
    await applyPlan(await planClean(store, { ...policy, archive: { directory: store.archive } }));
    const [archive] = await archivedPaths(store);
    const segment = "events-shared.jsonl";
    expect(await logOf(store)).toEqual([
      {
        ...{ action: "set-aside", at, segment, lines: 0, bytes: 0, ranges: [] },
        to: join(store.directory(), "events-shared-20260601_120000_000.jsonl.rotated"),
      },
      {
        ...{ action: "rewrite", at, segment, lines: 1, bytes: first.length, archive },
        ranges: [{ producerId: "aaaa", first: 0, last: 0 }],
      },
    ]);
  });

  it("says why an action failed that the log had announced", async () => {
    const store = await TestStore.create();
    const path = await store.segment({ producerId: "aaaa", content: first + second });
    const disk = faultyFileSystem(quickFileSystem, [{ operation: "unlink", path, error: "EACCES" }]);
    const { outcomes } = await applyPlan(await planClean(store, policy), { fs: disk.fs });
    const entry = {
      ...{ at, segment: name("aaaa"), lines: 2, bytes: first.length + second.length },
      ranges: [{ producerId: "aaaa", first: 0, last: 1 }],
    };
    expect(await logOf(store)).toEqual([
      { action: "remove", ...entry },
      { action: "failed", ...entry, error: outcomes[0]!.error!.message },
    ]);
  });

  it.each<[string, string, (path: string) => Fault]>([
    [
      "removed",
      first + second,
      (path) => ({ operation: "unlink", path, run: () => rename(path, `${path}.rotated`) }),
    ],
    [
      "cut",
      first + third,
      (path) => ({ operation: "rename", path: /\.manifest/, run: () => rename(path, `${path}.rotated`) }),
    ],
  ])(
    "takes back what it announced of a segment that changed when it was to be %s",
    async (_, content, fault) => {
      const store = await TestStore.create();
      const path = await store.segment({ producerId: "aaaa", content });
      const disk = faultyFileSystem(quickFileSystem, [fault(path)]);
      const { outcomes } = await applyPlan(await planClean(store, policy), { fs: disk.fs });
      expect(outcomes).toMatchObject([{ status: "skipped", skipReason: "changed" }]);
      const [announced, taken, ...others] = (await logOf(store)) as object[];
      expect(others).toEqual([]);
      expect(taken).toEqual({ ...announced, action: "failed", error: "it changed meanwhile" });
      expect(await readFile(`${path}.rotated`, "utf8")).toBe(content);
    },
  );

  it("is not made for a segment that had changed before", async () => {
    const store = await TestStore.create();
    const path = await store.segment({ producerId: "aaaa", content: first + second });
    const plan = await planClean(store, policy);
    const disk = faultyFileSystem(quickFileSystem, [
      { operation: "lstat", path, nth: 2, run: () => rename(path, `${path}.rotated`) },
    ]);
    expect((await applyPlan(plan, { fs: disk.fs })).outcomes).toMatchObject([{ skipReason: "changed" }]);
    await expect(logOf(store)).rejects.toMatchObject({ code: "ENOENT" });
  });

  async function archivedPaths(store: TestStore): Promise<string[]> {
    return [...(await contentsBelow(store.archive)).keys()];
  }
});

describe("a log that cannot be written", () => {
  it.each<[string, Fault]>([
    ["cannot write", { operation: "write", path: /\.clean\/log$/, error: "EIO" }],
    ["cannot fsync", { operation: "fsync", path: /\.clean\/log$/, error: "EIO" }],
    ["cannot open", { operation: "open", path: /\.clean\/log$/, error: "EIO" }],
    ["cannot remove", { operation: "fstat", path: /\.clean\/log$/, error: "EIO" }],
  ])("stops the clean before anything is removed: %s", async (attempt, fault) => {
    const store = await TestStore.create();
    await store.segment({ producerId: "aaaa", content: first });
    await store.segment({ producerId: "bbbb", content: second });
    const disk = faultyFileSystem(quickFileSystem, [fault]);
    const { outcomes } = await applyPlan(await planClean(store, policy), { fs: disk.fs });
    expect(outcomes).toMatchObject([
      { status: "failed", error: { code: "EIO", message: expect.stringMatching(`^${attempt} /`) } },
      { status: "skipped", skipReason: "not-attempted" },
    ]);
    expect(await linesBelow(store.root)).toEqual([first, second]);
  });

  it("is refused when it is a link to another file", async () => {
    const store = await TestStore.create();
    await store.segment({ producerId: "aaaa", content: first });
    const target = join(store.outside, "precious");
    await writeFile(target, "precious\n");
    await mkdir(join(store.directory(), ".clean"), { mode: 0o700 });
    const log = join(store.directory(), ".clean", "log");
    await symlink(target, log);
    const { outcomes } = await applyPlan(await planClean(store, policy));
    expect(outcomes[0]).toMatchObject({
      error: {
        code: "ELOOP",
        message: `cannot open ${log}: it is a symbolic link where none is allowed, or links form a loop (ELOOP); remove the link`,
      },
    });
    expect(await readFile(target, "utf8")).toBe("precious\n");
    expect(await linesBelow(store.root)).toEqual([first]);
  });

  it.each(["ENOSPC", "EDQUOT"])("waits for room, and is told of when there is none: %s", async (error) => {
    const store = await TestStore.create();
    await store.segment({ producerId: "aaaa", content: first });
    const path = join(store.directory(), ".clean", "log");
    const disk = faultyFileSystem(quickFileSystem, [
      { operation: "write", path, error },
      { operation: "fstat", path, nth: 2, error: "EIO" },
    ]);
    const report = await applyPlan(await planClean(store, policy), { fs: disk.fs });
    expect(report).toMatchObject({ complete: true });
    expect(report.warnings).toEqual([
      `cannot write the log of ${path}: input/output error (EIO); the disk may be failing: check the kernel log (dmesg) and back up`,
    ]);
    expect(await linesBelow(store.root)).toEqual([]);
  });
});
