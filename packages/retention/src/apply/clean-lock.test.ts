import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { currentProcessIdentity, nodeFileSystem, openSealedJson, sealJson } from "@prodigy-events/storage";
import { type Fault, faultyFileSystem, temporaryDirectory } from "@prodigy-events/test-kit";
import { describe, expect, it } from "vitest";
import { CleanLock } from "./clean-lock.js";

const at = "2026-06-01T12:00:00.000Z";
const self = currentProcessIdentity();
const alive = sealJson({ ...self, at });
/** Our pid, but another start time: that process is gone for certain. */
const dead = sealJson({ ...self, processStartTime: "1", at });

/** A directory of segments, and the lock that a clean of it would take. */
async function place(content?: string): Promise<{ directory: string; lock: string }> {
  const { path: directory } = await temporaryDirectory();
  const lock = join(directory, ".clean", "lock");
  if (content !== undefined) {
    await mkdir(join(directory, ".clean"));
    await writeFile(lock, content);
  }
  return { directory, lock };
}

function acquire(directory: string, plan: Fault[] = [], breakLock = false): Promise<CleanLock> {
  const { fs } = faultyFileSystem(nodeFileSystem, plan);
  return CleanLock.acquire(directory, { fs, breakLock, at });
}

const namesBeside = (lock: string) => readdir(join(lock, ".."));
const isDraft = (path: string) => /\/\.lock\.[0-9a-f]+\.tmp$/.test(path);
const isTakeoverDraft = (path: string) => /\/\.lock\.takeover\.[0-9a-f]+\.tmp$/.test(path);

describe("taking a lock", () => {
  it("leaves the lock alone behind, which names its holder and since when", async () => {
    const { directory, lock } = await place();
    await acquire(directory);
    expect(await namesBeside(lock)).toEqual(["lock"]);
    expect(openSealedJson(await readFile(lock, "utf8"))).toEqual({ ...self, at });
  });

  it("says whom to wait for, and what to do if that has ended", async () => {
    const { directory, lock } = await place(alive);
    await expect(acquire(directory)).rejects.toMatchObject({
      name: "RetentionError",
      code: "LOCKED",
      path: lock,
      message: `process ${self.pid} on ${self.host} is cleaning or restoring in ${directory}; wait until it has ended, or, if you know that it has, take its lock with --break-lock`,
    });
  });

  it("believes no lock that is sealed but does not say all that tells a process apart", async () => {
    const contents = [
      {},
      { hello: "world" },
      { ...self, pid: String(self.pid) },
      { ...self, pid: 1.5 },
      { ...self, host: undefined },
      { ...self, host: 5 },
      { ...self, bootId: 5 },
      { ...self, bootId: undefined },
      { ...self, machineId: 5 },
      { ...self, pidNamespace: 5 },
      { ...self, processStartTime: 5 },
    ];
    for (const content of contents) {
      const { directory, lock } = await place(sealJson(content));
      await expect(acquire(directory)).rejects.toMatchObject({
        code: "LOCKED",
        path: lock,
        message: `a clean that its lock does not name is cleaning or restoring in ${directory}; wait until it has ended, or, if you know that it has, take its lock with --break-lock`,
      });
    }
  });

  it("believes one that leaves out what its system cannot tell", async () => {
    const { directory } = await place(sealJson({ ...self, processStartTime: null, at }));
    await expect(acquire(directory)).rejects.toMatchObject({
      message: expect.stringContaining(`process ${self.pid} on ${self.host} is cleaning`),
    });
  });

  it.each<[string, (lock: string) => Fault[]]>([
    [
      "was released between the attempt to create it and the look at it",
      (lock) => [{ operation: "open", path: lock, run: () => rm(lock) }],
    ],
    [
      "is removed by the other who found it dead as well",
      (lock) => [{ operation: "link", path: isTakeoverDraft, run: () => rm(lock) }],
    ],
  ])("takes a lock that %s", async (_, faults) => {
    const { directory, lock } = await place(dead);
    await (await acquire(directory, faults(lock))).requireHeld();
    expect(await namesBeside(lock)).toEqual(["lock"]);
  });

  it("begins again when a holder that has just come removes its draft", async () => {
    const { directory, lock } = await place();
    const run = async () => {
      for (const name of await namesBeside(lock)) await rm(join(lock, "..", name));
    };
    const held = await acquire(directory, [{ operation: "link", path: isDraft, run }]);
    await held.requireHeld();
    expect(await namesBeside(lock)).toEqual(["lock"]);
  });

  it("breaks the lock that was there, and not that of somebody who was quicker", async () => {
    const { directory, lock } = await place("whose?");
    const run = async () => {
      await rm(lock);
      await writeFile(lock, alive);
    };
    const taken = acquire(directory, [{ operation: "link", path: isTakeoverDraft, run }], true);
    await expect(taken).rejects.toMatchObject({ code: "LOCKED" });
    expect(await readFile(lock, "utf8")).toBe(alive);
    expect(await namesBeside(lock)).toEqual(["lock"]);
  });

  it.each<[string, string | undefined, Fault]>([
    ["create @", undefined, { operation: "link", error: "EIO" }],
    ["create @.draft", undefined, { operation: "open", path: isDraft, error: "EACCES" }],
    ["write @.draft", undefined, { operation: "write", path: isDraft, error: "EIO" }],
    ["write @.draft", undefined, { operation: "fstat", path: isDraft, error: "EIO" }],
    ["open @", alive, { operation: "open", path: /\/lock$/, error: "EACCES" }],
    ["remove @", dead, { operation: "unlink", path: /\/lock$/, error: "EACCES" }],
  ])(
    "fails when the system refuses to %s, and leaves things as they were",
    async (action, content, fault) => {
      const { directory, lock } = await place(content);
      const reason = "error" in fault ? fault.error : "";
      const error = await acquire(directory, [fault]).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ name: "StorageError", code: reason });
      const [what, where] = action.split(" @") as [string, string];
      const path = where === ".draft" ? join(lock, "..", ".lock.#.tmp") : lock;
      expect((error as Error).message.replace(/[0-9a-f]{12}/, "#")).toMatch(`cannot ${what} ${path}: `);
      expect(await namesBeside(lock)).toEqual(content === undefined ? [] : ["lock"]);
    },
  );

  it("fails as well when it can neither link it nor create it in place", async () => {
    const { directory, lock } = await place();
    const plan: Fault[] = [
      { operation: "link", error: "EPERM" },
      { operation: "open", path: lock, error: "EACCES" },
    ];
    await expect(acquire(directory, plan)).rejects.toMatchObject({
      code: "EACCES",
      message: expect.stringContaining(`cannot create ${lock}: permission denied`),
    });
    expect(await namesBeside(lock)).toEqual([]);
  });
});

describe("a lock on a disk without room", () => {
  it.each(["ENOSPC", "EDQUOT"])("stays without a name, and holds all the same: %s", async (error) => {
    const { directory, lock } = await place();
    const held = await acquire(directory, [{ operation: "write", path: isDraft, error }]);
    expect(await readFile(lock, "utf8")).toBe("");
    await held.requireHeld();
    await expect(acquire(directory)).rejects.toMatchObject({
      code: "LOCKED",
      message: expect.stringMatching(/^a clean that its lock does not name is cleaning/),
    });
    await held.release();
    expect(await namesBeside(lock)).toEqual([]);
  });

  it.each(["ENOSPC", "EDQUOT"])("is done without when not even a file fits: %s", async (error) => {
    const { directory, lock } = await place();
    const held = await acquire(directory, [{ operation: "open", path: isDraft, error }]);
    await held.requireHeld();
    expect(await namesBeside(lock)).toEqual([]);
    await writeFile(lock, alive); // there is room again, and another clean comes
    await held.release();
    expect(await readFile(lock, "utf8")).toBe(alive);
  });
});

describe("a lock that is held", () => {
  it.each<[string, (lock: string) => Promise<unknown>]>([
    ["removed", (lock) => rm(lock)],
    ["replaced by another", (lock) => rm(lock).then(() => writeFile(lock, alive))],
  ])("is lost once it is %s, and whoever lost it is told to stop", async (_, change) => {
    const { directory, lock } = await place();
    const held = await acquire(directory);
    await held.requireHeld();
    await change(lock);
    const left = await namesBeside(lock);
    await expect(held.requireHeld()).rejects.toMatchObject({
      name: "RetentionError",
      code: "LOCK_LOST",
      path: lock,
      message: `somebody broke the lock ${lock} while this clean was at work; it stops here, run it again`,
    });
    await held.release();
    expect(await namesBeside(lock)).toEqual(left);
  });

  it("is not called lost because it cannot be looked at, and not removed unseen", async () => {
    const { directory, lock } = await place();
    const disk = faultyFileSystem(nodeFileSystem);
    const held = await CleanLock.acquire(directory, { fs: disk.fs, breakLock: false, at });
    disk.add({ operation: "lstat", path: lock, error: "EIO", times: "from then on" });
    await expect(held.requireHeld()).rejects.toMatchObject({ name: "StorageError", code: "EIO" });
    await held.release();
    expect(await namesBeside(lock)).toEqual(["lock"]);
  });
});
