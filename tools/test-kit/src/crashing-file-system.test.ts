import * as fs from "node:fs";
import { constants, promises } from "node:fs";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { type CrashPoint, crashingFileSystem } from "./crashing-file-system.js";
import { temporaryDirectory } from "./temporary-directory.js";

const real = {
  open: promisify(fs.open) as (path: string, flags: number) => Promise<number>,
  close: promisify(fs.close) as (fd: number) => Promise<void>,
  closeSync: (fd: number) => fs.closeSync(fd),
  openSync: (path: string, flags: number) => fs.openSync(path, flags),
  write: (fd: number, buffer: Buffer, offset: number, length: number) =>
    promisify(fs.write)(fd, buffer, offset, length, null).then(({ bytesWritten }) => bytesWritten),
  writeSync: (fd: number, buffer: Buffer, offset: number, length: number) =>
    fs.writeSync(fd, buffer, offset, length),
  rename: (from: string, to: string) => promises.rename(from, to),
  readdir: (path: string) => promises.readdir(path),
};
const creating = constants.O_WRONLY | constants.O_CREAT;
const text = Buffer.from("abcd");

async function scene(point?: CrashPoint) {
  const directory = await temporaryDirectory();
  const disk = crashingFileSystem(real, point);
  const reached: string[] = [];
  await disk.untilCrash(async () => {
    const fd = await disk.fs.open(directory.join("a"), creating);
    reached.push("open");
    await disk.fs.readdir(directory.path);
    await disk.fs.write(fd, text, 0, 4);
    reached.push("write");
    await disk.fs.close(fd);
    await disk.fs.rename(directory.join("a"), directory.join("b"));
    reached.push("rename");
  });
  const files = Object.fromEntries(
    fs.readdirSync(directory.path).map((name) => [name, fs.readFileSync(directory.join(name), "utf8")]),
  );
  return { disk, reached, files };
}

describe("a crashing file system", () => {
  it("only counts the changing calls without a point", async () => {
    const { disk, reached, files } = await scene();
    expect(disk.changes.map(({ operation, path }) => [operation, path?.slice(-2)])).toEqual([
      ["open", "/a"],
      ["write", "/a"],
      ["rename", "/a"],
    ]);
    expect([disk.hasCrashed, reached, files]).toEqual([false, ["open", "write", "rename"], { b: "abcd" }]);
  });

  it.each([
    [{ at: 1, when: "before" }, [], {}],
    [{ at: 1, when: "after" }, [], { a: "" }],
    [{ at: 2, when: "before" }, ["open"], { a: "" }],
    [{ at: 2, when: "mid" }, ["open"], { a: "ab" }],
    [{ at: 2, when: "after" }, ["open"], { a: "abcd" }],
    [{ at: 3, when: "after" }, ["open", "write"], { b: "abcd" }],
  ] as const)("ends at %o: nobody learns how the call went, and nothing happens any more", async (...row) => {
    const [point, expectedReached, expectedFiles] = row;
    const { disk, reached, files } = await scene(point);
    expect([disk.hasCrashed, reached, files]).toEqual([true, expectedReached, expectedFiles]);
  });

  it("waits for calls in flight, and closes what is open", async () => {
    const directory = await temporaryDirectory();
    const disk = crashingFileSystem(real, { at: 2, when: "before" });
    let fd = -1;
    await disk.untilCrash(async () => {
      fd = await disk.fs.open(directory.join("a"), creating);
      await disk.fs.write(fd, text, 0, 4);
    });
    expect(() => fs.fstatSync(fd)).toThrow("EBADF");
  });

  it("throws from synchronous calls, which cannot hang", async () => {
    const directory = await temporaryDirectory();
    const disk = crashingFileSystem(real, { at: 2, when: "mid" });
    await disk.untilCrash(async () => {
      const fd = disk.fs.openSync(directory.join("a"), creating);
      expect(() => disk.fs.writeSync(fd, text, 0, 4)).toThrow("EIO");
      expect(() => disk.fs.writeSync(fd, text, 0, 4)).toThrow("EIO");
    });
    expect(fs.readFileSync(directory.join("a"), "utf8")).toBe("ab");
  });

  it("passes on what goes wrong before the crash", async () => {
    const disk = crashingFileSystem(real, { at: 9, when: "before" });
    await expect(disk.untilCrash(() => disk.fs.rename("/no/such/file", "/x"))).rejects.toThrow("ENOENT");
  });
});
