import {
  closeSync,
  constants,
  fsyncSync,
  openSync,
  promises,
  readdirSync,
  readFileSync,
  writeSync,
} from "node:fs";
import { expect, it } from "vitest";
import type { Fault } from "./fault.js";
import { faultyFileSystem } from "./faulty-file-system.js";
import { temporaryDirectory } from "./temporary-directory.js";

/** A small port like those of the packages: promises and `Sync` functions on numeric descriptors. */
const real = {
  name: "a value that is no function",
  open: async (path: string, flags: number) => openSync(path, flags, 0o600),
  close: async (fd: number) => closeSync(fd),
  fsync: async (fd: number) => fsyncSync(fd),
  write: async (fd: number, buffer: Uint8Array, offset: number, length: number) =>
    writeSync(fd, buffer, offset, length),
  rename: (from: string, to: string) => promises.rename(from, to),
  openSync: (path: string, flags: number) => openSync(path, flags, 0o600),
  writeSync: (fd: number, buffer: Uint8Array, offset: number, length: number) =>
    writeSync(fd, buffer, offset, length),
  closeSync: (fd: number) => closeSync(fd),
};

const createFlags = constants.O_CREAT | constants.O_WRONLY | constants.O_APPEND;
const bytes = Buffer.from("0123456789");

async function faulty(...plan: Fault[]) {
  const directory = await temporaryDirectory();
  return { path: directory.join("file"), ...faultyFileSystem(real, plan) };
}

it("passes everything through that is not planned, and logs it", async () => {
  const { fs, calls, path } = await faulty();
  const fd = await fs.open(path, createFlags);
  expect(await fs.write(fd, bytes, 2, 3)).toBe(3);
  await fs.close(fd);
  expect(readFileSync(path, "utf8")).toBe("234");
  expect(fs.name).toBe(real.name);
  expect(calls.map(({ operation, path: on, injected }) => [operation, on === path, injected])).toEqual([
    ["open", true, undefined],
    ["write", true, undefined],
    ["close", true, undefined],
  ]);
});

it("fails the nth matching call, once, with a real errno error", async () => {
  const { fs, path } = await faulty({ operation: "write", nth: 2, error: "ENOSPC" });
  const fd = await fs.open(path, createFlags);
  await fs.write(fd, bytes, 0, 1);
  await expect(fs.write(fd, bytes, 1, 1)).rejects.toMatchObject({ code: "ENOSPC", syscall: "write", path });
  await fs.write(fd, bytes, 2, 1);
  await fs.close(fd);
  expect(readFileSync(path, "utf8")).toBe("02");
});

it("fails from the nth call on until it is healed", async () => {
  const { fs, path, heal } = await faulty({
    operation: "fsync",
    nth: 2,
    times: "from then on",
    error: "EIO",
  });
  const fd = await fs.open(path, createFlags);
  await fs.fsync(fd);
  await expect(fs.fsync(fd)).rejects.toMatchObject({ code: "EIO" });
  await expect(fs.fsync(fd)).rejects.toMatchObject({ code: "EIO" });
  heal();
  await fs.fsync(fd);
  await fs.close(fd);
});

it("throws from synchronous functions and rejects from the others", async () => {
  const { fs, path } = await faulty({
    operation: ["open", "openSync"],
    times: "from then on",
    error: "EMFILE",
  });
  expect(() => fs.openSync(path, createFlags)).toThrow(expect.objectContaining({ code: "EMFILE" }));
  await expect(fs.open(path, createFlags)).rejects.toMatchObject({ code: "EMFILE" });
});

it("can carry the call out and then report a failure", async () => {
  const { fs, path } = await faulty({ operation: "rename", error: "EIO", when: "after" });
  const fd = fs.openSync(path, createFlags);
  fs.closeSync(fd);
  await expect(fs.rename(path, `${path}2`)).rejects.toMatchObject({ code: "EIO" });
  expect(readFileSync(`${path}2`, "utf8")).toBe("");
});

it("can fail a synchronous call after carrying it out", async () => {
  const { fs, path } = await faulty({ operation: "writeSync", error: "EIO", when: "after" });
  const fd = fs.openSync(path, createFlags);
  expect(() => fs.writeSync(fd, bytes, 0, 4)).toThrow(expect.objectContaining({ code: "EIO" }));
  fs.closeSync(fd);
  expect(readFileSync(path, "utf8")).toBe("0123");
});

it("can write short, in both kinds of functions", async () => {
  const { fs, path } = await faulty(
    { operation: "write", shortWriteBytes: 4 },
    { operation: "writeSync", shortWriteBytes: 2 },
  );
  const fd = await fs.open(path, createFlags);
  expect(await fs.write(fd, bytes, 0, 10)).toBe(4);
  expect(fs.writeSync(fd, bytes, 4, 6)).toBe(2);
  await fs.close(fd);
  expect(readFileSync(path, "utf8")).toBe("012345");
});

it.each([
  ["its text", (path: string) => path],
  ["a pattern", () => /file$/],
  ["a predicate", (path: string) => (given: string) => given === path],
])("chooses calls by path, given as %s, also through the descriptor", async (_kind, selector) => {
  const { fs, add, path } = await faulty();
  add({ operation: "write", path: selector(path), error: "EDQUOT" });
  const other = await fs.open(`${path}.other`, createFlags);
  await fs.write(other, bytes, 0, 1);
  const fd = await fs.open(path, createFlags);
  await expect(fs.write(fd, bytes, 0, 1)).rejects.toMatchObject({ code: "EDQUOT" });
  await fs.close(fd);
  await fs.close(other);
});

it("does not mistake a closed descriptor's number for its old file", async () => {
  const { fs, path } = await faulty({ operation: "write", path: /first$/, error: "EIO" });
  const first = await fs.open(`${path}first`, createFlags);
  await fs.close(first);
  const second = await fs.open(`${path}second`, createFlags);
  expect(second).toBe(first);
  expect(await fs.write(second, bytes, 0, 1)).toBe(1);
  await fs.close(second);
});

it("never hits a call without a path when a path is asked for", async () => {
  const { fs, path } = await faulty({ operation: "close", path: "elsewhere", error: "EIO" });
  const fd = openSync(path, createFlags);
  await fs.close(fd);
});

it("runs what another process does just before a call", async () => {
  const order: string[] = [];
  const { fs, path } = await faulty(
    { operation: "open", run: async () => order.push("meanwhile") },
    { operation: "closeSync", run: () => order.push("meanwhile, at once") },
  );
  const fd = await fs.open(path, createFlags);
  order.push("open");
  fs.closeSync(fd);
  expect(order).toEqual(["meanwhile", "open", "meanwhile, at once"]);
});

it("leaves no descriptor behind when an open is carried out and then reported as failed", async () => {
  const { fs, path } = await faulty({
    operation: ["open", "openSync"],
    times: "from then on",
    error: "EIO",
    when: "after",
  });
  const before = readdirSync("/proc/self/fd").length;
  await expect(fs.open(path, createFlags)).rejects.toMatchObject({ code: "EIO" });
  expect(() => fs.openSync(path, createFlags)).toThrow(expect.objectContaining({ code: "EIO" }));
  expect(readdirSync("/proc/self/fd").length).toBe(before);
  expect(readFileSync(path, "utf8")).toBe("");
});
